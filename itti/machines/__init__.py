"""Machines: tools of bodies and factories that sign in by themselves and act for a person (RFC 6749, section 4.4)."""
