"""The force of an area: how many people there are to call on, each once, and in which capacities."""
