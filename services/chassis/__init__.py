"""What every service stands on: messages, storage, clock, health. It knows no word of the domain."""
