"""The log of case events, of which partners are told."""
