"""Events sent to a real receiver on loopback."""
