"""What notify keeps of a person: their own copy of it, and its end when they are deleted."""
