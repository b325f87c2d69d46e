"""A neighbour for the gateway's tests."""
