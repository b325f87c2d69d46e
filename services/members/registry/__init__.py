"""The register of people as offices read and keep it: entries, roles, lists, and phones on request."""
