"""Tables as people keep them: cells, headers and rows, read in one way or refused."""
