"""The commands of the command line, one module each: ``declare`` adds its words, ``run`` does it."""
