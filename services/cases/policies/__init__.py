"""What a district decides about its cases, as data with versions: the categories and times, and how rates are made."""
