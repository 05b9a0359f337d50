"""By what the processes of one instance know each other and tell of a lost write."""

import signal

COUNTS_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Where the workers' counts lie; the name is the metrics library's own."""
INSTANCE_VARIABLE = "LEDGER_INSTANCE"
"""By which number the workers of one instance know each other; its starter draws it."""
LOST_WRITE = signal.SIGALRM
"""Tells the starter that a write was lost; uvicorn's supervisor takes most other signals."""
