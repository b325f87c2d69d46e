"""Pulse surveys (F14, F52): four scales that people of an area answer without a name, and what came of them."""
