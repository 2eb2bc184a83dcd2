"""What happened to assessments and certificates, told to programs: a feed to read, and calls to who asked."""
