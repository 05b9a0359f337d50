"""Importing files of service records: read within bounds, entered in batches."""
