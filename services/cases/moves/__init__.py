"""What can be done to a case: every legal move, and what it does."""
