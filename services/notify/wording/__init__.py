"""What notices say, in each language."""
