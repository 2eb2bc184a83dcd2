"""The demonstration data."""
