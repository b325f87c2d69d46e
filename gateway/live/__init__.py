"""What happens, handed to whoever is looking."""
