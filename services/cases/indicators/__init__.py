"""Indicators: how many cases of an area stand how, kept as they move, and which cases each number is made of."""
