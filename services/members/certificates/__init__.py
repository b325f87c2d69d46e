"""Certificates of volunteer hours, made of the ledger alone, which anybody may check (docs/domain.md §3.3, F58)."""
