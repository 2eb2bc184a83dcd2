"""Evidence: files that answers rest on."""
