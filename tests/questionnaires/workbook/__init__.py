"""Questionnaires as workbooks."""
