"""Bookings of venues (F50): who has one when, so that no two have it at once."""
