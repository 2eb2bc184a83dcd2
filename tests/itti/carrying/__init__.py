"""Tests of starting from an earlier assessment."""
