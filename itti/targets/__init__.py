"""Targets of an assessment: what the factory aims at, beside its score and no part of it."""
