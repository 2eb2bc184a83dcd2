"""What every page shares: base templates, static files, message catalogues."""
