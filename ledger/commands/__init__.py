"""What a person can tell the ledger to do: one module per subject."""
