"""Tests of factor sets."""
