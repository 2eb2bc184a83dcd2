"""What answers are worth, and why: a definition is compiled into a plan, answers run through it give a scorecard.

Floor 2 of the house: pure and usable alone. Frozen values in, frozen values out.
"""

from scoring.answers import Answer, Answers, LevelAnswer, NotApplicableAnswer
from scoring.exact import score
from scoring.plan import Plan, compile_plan
from scoring.scorecard import NodeScore, QuestionScore, Scorecard, Share, State

__all__ = [
    "Answer",
    "Answers",
    "LevelAnswer",
    "NodeScore",
    "NotApplicableAnswer",
    "Plan",
    "QuestionScore",
    "Scorecard",
    "Share",
    "State",
    "compile_plan",
    "score",
]
