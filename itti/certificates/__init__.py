"""Certificates: issue, register, and public verification."""
