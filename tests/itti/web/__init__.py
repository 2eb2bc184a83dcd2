"""What every page shares, seen through the front door without a browser."""
