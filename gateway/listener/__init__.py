"""The listener: how bytes of clients become requests, and how long anybody is waited for."""
