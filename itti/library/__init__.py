"""The library: published questionnaires, for everybody to read."""
