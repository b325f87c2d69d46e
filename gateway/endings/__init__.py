"""Which access tokens are void before their time."""
