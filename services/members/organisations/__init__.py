"""Units: the organisations that handle cases, send people or look after compounds."""
