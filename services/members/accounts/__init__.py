"""Accounts: how people sign in and stay signed in."""
