"""Product carbon footprints: kept by their owner, and exchanged after the PACT Technical Specification 3.0."""
