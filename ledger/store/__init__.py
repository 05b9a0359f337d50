"""The disk: rows, chain, keys and register; the one room that meets the clock and chance."""
