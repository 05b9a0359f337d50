"""Certificates 证明: asked for, issued from what was proved again, shown with their status."""
