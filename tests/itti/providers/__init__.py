"""Sign-ins elsewhere: believed, refused, linked."""
