"""Accounts: people, how they sign in, and the tokens of their tools."""
