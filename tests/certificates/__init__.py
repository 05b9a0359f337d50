"""Certificates as files: what stands on them, how they are typeset, read and checked."""
