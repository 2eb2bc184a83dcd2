"""Papers on their way."""
