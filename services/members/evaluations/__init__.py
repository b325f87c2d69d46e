"""Evaluations of members and units by the rules of a period: who is concerned sees it first (docs/domain.md §3.2)."""
