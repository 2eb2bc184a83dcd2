"""How long things are kept that nobody needs any more; what is over its time goes, and the record says how much."""
