"""Who may open which door: every route of the application, tried by everybody."""
