"""Volunteer hours (docs/domain.md §3.3): what a service counts, its legal record, and the ledger of minutes."""
