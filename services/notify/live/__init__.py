"""What happens, told at once to whoever is looking."""
