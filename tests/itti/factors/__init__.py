"""Second factors: set up, asked for, lost."""
