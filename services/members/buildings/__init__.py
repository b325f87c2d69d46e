"""Buildings of the compounds."""
