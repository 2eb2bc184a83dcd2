"""Tests of the room of independence."""
