"""What a second person goes by: answers beside earlier ones, hints, comments, and what exactly was approved."""
