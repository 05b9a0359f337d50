"""An outsider's checks over a reader port; it trusts no code that writes."""
