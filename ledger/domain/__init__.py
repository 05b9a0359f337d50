"""What may be recorded: events, decisions and rules, in the standard library alone."""
