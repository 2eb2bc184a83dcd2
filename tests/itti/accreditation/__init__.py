"""Tests of assessment bodies, assessors and accreditations."""
