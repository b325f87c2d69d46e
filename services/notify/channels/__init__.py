"""Channels: the ways to people outside, each behind the same port."""
