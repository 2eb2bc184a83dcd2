"""Assessments: their states, answers, comments, and who may move them."""
