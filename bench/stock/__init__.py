"""A plain nameko suite as nameko's documentation writes one: the yardstick of the fault suite and of the benchmarks.

It creates a case, publishes an event of it and has one effect of the event, with nameko's own pieces and settings.
Nothing is done for it or against it.
"""
