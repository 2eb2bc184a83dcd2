"""Tests of the record as people meet it."""
