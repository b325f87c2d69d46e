"""What people say that they need, and what becomes of it."""
