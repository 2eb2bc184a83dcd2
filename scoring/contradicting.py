"""Answers that contradict each other, as their questionnaire says. They can be kept, and scored, but not submitted."""

from __future__ import annotations

from scoring.aggregate import FIRST_BITS
from scoring.answers import Answers
from scoring.exact import facts_of
from scoring.formulas import truth
from scoring.plan import Plan, PlannedContradiction
from scoring.rounding import Undecided


def contradictions(plan: Plan, answers: Answers) -> tuple[PlannedContradiction, ...]:
    """The contradictions that hold, in the order of the definition; what is open or does not apply holds none.

    Raises:
        AnswersRefused: some answers cannot be scored.
    """
    plan = plan.unrolled(answers)
    if not plan.contradictions:
        return ()
    bits = FIRST_BITS
    while True:
        reading = facts_of(plan, answers, bits)
        try:
            return tuple(each for each in plan.contradictions if truth(each.when, reading) is True)
        except Undecided:
            if reading.last:
                raise
            bits *= 2
