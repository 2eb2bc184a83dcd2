"""Messages: the outbox, sent through a real mail server on loopback."""
