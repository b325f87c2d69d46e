"""Door-knock rounds: which doors are knocked at, who was there, and what was asked for."""
