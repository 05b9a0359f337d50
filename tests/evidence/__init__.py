"""Files of evidence: what may be kept, how it lies on the disk, who is shown it."""
