"""Series of service days: a weekly rule with an end, expanded into days that skip public holidays (F43)."""
