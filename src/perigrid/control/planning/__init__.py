"""Plans for a day cut into slots: instances, list schedulers, bounds, planner and checker."""
