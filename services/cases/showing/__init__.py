"""What is shown of a case, and to whom."""
