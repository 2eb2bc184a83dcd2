"""Blind second assessments: a sample is assessed again by another body, and how far both agree is told."""
