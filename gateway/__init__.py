"""The HTTP face of the suite: it parses, asks the services and words the answer; it owns no rules and no data."""
