"""The assessment workflow: who may do what, and when; HTTP API, pages, command line, database."""
