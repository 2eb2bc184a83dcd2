"""What answers are worth, and why: a definition is compiled into a plan, answers run through it give a scorecard.

Floor 2 of the house: pure and usable alone. Frozen values in, frozen values out. Populations are scored with NumPy,
which ``score_population`` brings in when it is asked for; nothing else here needs it.
"""

from typing import TYPE_CHECKING, Any

from scoring.answers import (
    Answer,
    Answers,
    ChoiceAnswer,
    ChoicesAnswer,
    DateAnswer,
    GridAnswer,
    ItemsAnswer,
    LevelAnswer,
    NotApplicableAnswer,
    NumberAnswer,
    YesNoAnswer,
)
from scoring.checking import check_answer
from scoring.compiling import compile_plan
from scoring.contradicting import contradictions
from scoring.deciding import Deciding, deciding
from scoring.exact import score, values
from scoring.figures import CohortFigures
from scoring.plan import Plan
from scoring.scorecard import NodeScore, QuestionScore, RuleOutcome, Scorecard, Share, State, Why, looked_up, row_of
from scoring.single.known import Stated

if TYPE_CHECKING:
    from scoring.columns import score_population

__all__ = [
    "Answer",
    "Answers",
    "ChoiceAnswer",
    "ChoicesAnswer",
    "CohortFigures",
    "DateAnswer",
    "Deciding",
    "GridAnswer",
    "ItemsAnswer",
    "LevelAnswer",
    "NodeScore",
    "NotApplicableAnswer",
    "NumberAnswer",
    "Plan",
    "QuestionScore",
    "RuleOutcome",
    "Scorecard",
    "Share",
    "State",
    "Stated",
    "Why",
    "YesNoAnswer",
    "check_answer",
    "compile_plan",
    "contradictions",
    "deciding",
    "looked_up",
    "row_of",
    "score",
    "score_population",
    "values",
]


def __getattr__(name: str) -> Any:
    """``score_population``, from the package that needs NumPy."""
    if name == "score_population":
        from scoring.columns import score_population  # noqa: PLC0415 – NumPy only for those who ask for it

        return score_population
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
