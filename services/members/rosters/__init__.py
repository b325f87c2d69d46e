"""Rosters: who is asked to come from the two pools of members and volunteers (F47)."""
