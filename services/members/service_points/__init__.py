"""Points for services (docs/domain.md §3.3): a ledger to which rows are only ever added."""
