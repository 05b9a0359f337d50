"""Access: who signs in, as events, so that nobody's password is replaced unseen."""
