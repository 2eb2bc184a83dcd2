"""What is held about people, given out and erased."""
