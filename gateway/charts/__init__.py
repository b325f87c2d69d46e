"""Indicators as pictures: a trend over months or days, a ranking of areas."""
