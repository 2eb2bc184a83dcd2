"""Factories that are assessed."""
