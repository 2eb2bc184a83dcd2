"""Footprints: kept, computed, shared, and exchanged after PACT 3.0."""
