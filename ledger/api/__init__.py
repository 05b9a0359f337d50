"""HTTP: the log's static files and the state of the service."""
