"""What the service holds about a person: given out to them, and erased."""
