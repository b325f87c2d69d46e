"""Who comes to an activity: places, tasks and the waiting list that moves up by itself (docs/domain.md §3.3, F12)."""
