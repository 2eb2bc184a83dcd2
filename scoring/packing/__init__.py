"""The compact form of one assessment's answers, from which a population is scored without touching single answers."""

from scoring.packing.vectors import FORM, pack, unpack

__all__ = ["FORM", "pack", "unpack"]
