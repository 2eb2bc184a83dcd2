"""Scoring a population at once, column by column, to the same last digit as one assessment by itself.

This package needs NumPy; the engine for one assessment does not.
"""

from scoring.columns.population import Columns, NodeColumn, Scores, score_population, scored_in_blocks

__all__ = ["Columns", "NodeColumn", "Scores", "score_population", "scored_in_blocks"]
