"""Time as people read it: in which zone a day begins and ends, and how days and moments are written for a reader."""
