"""A C2SP witness for other ledgers."""
