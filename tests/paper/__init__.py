"""Batches that were copied from paper, over HTTP and in the views."""
