"""The routes, grouped by what they are about; each view parses, asks one service and writes the answer."""
