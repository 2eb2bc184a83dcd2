"""Calls to addresses that asked to be told of events, after Standard Webhooks 1.0.0."""
