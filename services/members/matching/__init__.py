"""Who suits a task."""
