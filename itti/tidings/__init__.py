"""Who is told what: of moves as they are made, and of days on which something ends."""
