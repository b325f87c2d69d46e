"""The ledger: what is a problem, who answers for it, and what is done, area by area."""
