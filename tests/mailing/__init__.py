"""Mail about notices, sent to a real mail server."""
