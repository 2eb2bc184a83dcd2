"""Tests of the workflow, through its front door."""
