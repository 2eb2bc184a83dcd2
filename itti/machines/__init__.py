"""Machines: tools of assessment bodies that sign in by themselves and act for an assessor (RFC 6749, section 4.4)."""
