"""Second factors: what proves somebody beside their password."""
