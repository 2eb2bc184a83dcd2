"""Tests of the engine of populations."""
