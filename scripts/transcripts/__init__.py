"""The life of one record, told by the running service to somebody who trusts none of it.

Nothing here imports the ledger. Persons speak to the service over HTTP, an organization's
system signs with `examples/submit.py`, receipts are checked by `scripts/verify_log.py`.
"""
