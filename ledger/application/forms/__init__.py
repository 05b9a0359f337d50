"""What people and systems send, field by field, and the commands that it becomes."""
