"""Tests of the engine's doors."""
