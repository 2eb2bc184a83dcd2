"""Font files for paper (SIL Open Font License, see ``OFL.txt``) and the recipe by which they were cut."""
