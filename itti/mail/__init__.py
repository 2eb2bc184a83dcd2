"""Messages by e-mail: an outbox that loses none, and who sends it."""
