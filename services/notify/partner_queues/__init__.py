"""Queues of partners on the broker: who may read which, and how they are filled; it knows no subscription's rules."""
