"""Proof that a paper looks right, lasts, and cannot be changed unnoticed."""
