"""Dual registration (双报到): units and their members, each registered with a community."""
