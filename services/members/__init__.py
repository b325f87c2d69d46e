"""Territory, people, units, accounts and who suits a task."""
