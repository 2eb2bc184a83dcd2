"""The client for tools in Python."""
