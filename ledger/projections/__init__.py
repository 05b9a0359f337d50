"""Folds of events into what people look at."""
