"""Carrying: a new assessment of a factory starts from the answers of an earlier one."""
