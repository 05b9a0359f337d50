"""Signing in and out on the spot: codes, sessions, and the records that rest on them."""
