"""Scoring a population at once, column by column, to the same last digit as one assessment by itself.

This package needs NumPy; the engine for one assessment does not.
"""

from scoring.columns.answered import Columns
from scoring.columns.decimals import Decimals
from scoring.columns.population import score_population, scored_in_blocks
from scoring.columns.scores import NodeColumn, Scores

__all__ = ["Columns", "Decimals", "NodeColumn", "Scores", "score_population", "scored_in_blocks"]
