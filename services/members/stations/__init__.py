"""Rest stations in use: the nearest that is open, how often they are used, who serves afterwards (F10, F11, F13)."""
