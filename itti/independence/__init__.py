"""Independence: what ties people and bodies to factories, and who may therefore not act."""
