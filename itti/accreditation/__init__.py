"""Accreditation: assessment bodies, and who may assess what from when until when."""
