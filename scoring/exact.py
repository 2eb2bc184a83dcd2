"""Score one assessment in exact rational arithmetic, with the reason for every number."""

from __future__ import annotations

from collections.abc import Mapping

from scoring.aggregate import FIRST_BITS, MOST_BITS, Precision
from scoring.answers import Answers
from scoring.checking import check_answers
from scoring.facts import Reading
from scoring.plan import Plan
from scoring.rounding import Undecided
from scoring.scorecard import Scorecard
from scoring.single.known import Stated
from scoring.single.program import program_of
from scoring.thorough import Scoring


def score(plan: Plan, answers: Answers) -> Scorecard:
    """Score ``answers`` (question id → answer; what is not there is missing, never zero).

    Raises:
        AnswersRefused: answers to unknown questions, off the scale, or "does not apply" where that is not
            allowed; all of them at once.
    """
    plan = plan.unrolled(answers)
    if plan.patterns:
        return thoroughly(plan, answers)[1]
    program = program_of(plan)
    try:
        return program.scorecard(program.run(answers))
    except Undecided:
        return thoroughly(plan, answers, FIRST_BITS * 2)[1]


def values(plan: Plan, answers: Answers) -> Mapping[str, Stated]:
    """What each node states, its value and band, as :func:`score` has them, and nothing else: in a tenth of the time.

    Raises:
        AnswersRefused: some answers cannot be scored.
    """
    plan = plan.unrolled(answers)
    try:
        if not plan.patterns:
            return program_of(plan).values(answers)
    except Undecided:
        pass
    return {node.id: Stated(node.value, node.band) for node in thoroughly(plan, answers)[1].nodes}


def run(plan: Plan, answers: Answers, bits: int = FIRST_BITS) -> tuple[Scoring, Scorecard]:
    """The same with the finished run that it came from; irrational numbers are enclosed within 2^-bits or closer.

    Raises:
        AnswersRefused: some answers cannot be scored.
    """
    plan = plan.unrolled(answers)
    if plan.patterns or bits > FIRST_BITS:
        return thoroughly(plan, answers, bits)
    program = program_of(plan)
    try:
        finished = program.run(answers)
    except Undecided:
        return thoroughly(plan, answers, FIRST_BITS * 2)
    finished.thorough.recall_all()
    return finished.thorough, program.scorecard(finished)


def thoroughly(plan: Plan, answers: Answers, bits: int = FIRST_BITS) -> tuple[Scoring, Scorecard]:
    """The same with nothing remembered: every question and node is worked out by itself.

    Raises:
        AnswersRefused: some answers cannot be scored.
    """
    plan = plan.unrolled(answers)
    check_answers(plan, answers)
    while True:
        scoring = Scoring(plan, answers, Precision(bits, last=bits >= MOST_BITS))
        try:
            return scoring, scoring.scorecard()
        except Undecided:
            if bits >= MOST_BITS:
                raise
            bits *= 2


def facts_of(plan: Plan, answers: Answers, bits: int = FIRST_BITS) -> Reading:
    """What formulas can learn of every question and node, with irrational numbers enclosed within 2^-bits or closer.

    Raises:
        AnswersRefused: some answers cannot be scored.
    """
    return run(plan, answers, bits)[0].reading_now
