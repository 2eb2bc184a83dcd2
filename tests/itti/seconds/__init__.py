"""Tests of blind second assessments."""
