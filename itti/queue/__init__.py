"""Work that outlives its request: rows that wait for their turn, claims on them, and the worker that takes them."""
