"""The running service held against its own OpenAPI document by Schemathesis."""
