"""The page of a compound that everybody may read: what is open, who sees to it, what is done."""
