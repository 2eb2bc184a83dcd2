"""The description of the API as a contract."""
