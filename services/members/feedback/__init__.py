"""What people say of an activity afterwards (F12): once, and nobody learns who said what."""
