"""Credentials as other people's software sees them."""
