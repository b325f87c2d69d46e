"""The whistle: a community calls units to the spot, and it is written down who came."""
