"""Files taken from and given to people: receiving, recognising, keeping and sending them."""
