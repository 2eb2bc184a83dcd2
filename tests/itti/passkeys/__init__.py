"""Passkeys: registered, asked for, refused."""
