"""Requests that are sent again: by their ``Idempotency-Key`` they act once and are answered alike."""
