"""What of a questionnaire is asked of this factory, what of it is still open, and what has to be proven."""

from collections.abc import Collection, Iterable
from fractions import Fraction

from questionnaires.model import Definition, ItemsQuestion, LevelQuestion, Question
from scoring import QuestionScore, Scorecard, State, Why


def away(score: QuestionScore) -> bool:
    """Whether the question is not asked here because its condition does not hold; an answer to it is disregarded."""
    return score.state is State.NOT_APPLICABLE and score.why is Why.CONDITION


def is_computed(score: QuestionScore) -> bool:
    """Whether nobody gives the answer, because it follows from others."""
    return score.kind == "computed"


def waits(score: QuestionScore) -> bool:
    """Whether the question waits for its answer.

    A computed one waits for nobody, and one that is answered already may still be open because its condition hangs on
    another question.
    """
    return score.state is State.OPEN and score.why is not Why.CONDITION and not is_computed(score)


def open_questions(card: Scorecard) -> tuple[str, ...]:
    """Ids of the questions that wait for their answers, in the order of the questionnaire."""
    return tuple(score.id for score in card.questions if waits(score))


def progress(card: Scorecard) -> tuple[int, int]:
    """How many questions are answered, and of how many that are asked here."""
    asked = [score for score in card.questions if not away(score) and not is_computed(score)]
    return sum(not waits(score) for score in asked), len(asked)


def value_of(score: QuestionScore) -> Fraction | None:
    """What an answer is worth, or None; of an irrational value the digits that the scorecard states."""
    return None if score.exact is None else Fraction(score.exact.rstrip("…"))


def is_fact(definition: Definition, question: str) -> bool:
    """Whether the question only asks for a fact, in a section; such an answer (a base year) needs no reason.

    Nor does the answer that names the items of a list.
    """
    if isinstance(definition.question(question), ItemsQuestion):
        return True
    return any(question in section.questions for section in definition.sections)


def needs_evidence(definition: Definition, card: Scorecard) -> tuple[str, ...]:
    """Ids of the questions whose answers need evidence: any answer, or one that reaches the value demanded."""
    return tuple(question.id for question in definition.questions if _needs_evidence(question, card))


def _needs_evidence(question: Question, card: Scorecard) -> bool:
    if question.evidence_from is None:
        return False
    score = card.question(question.id)
    if question.evidence_from == "answered":
        return score.state in {State.SCORED, State.INSUFFICIENT}
    value = score.level if isinstance(question, LevelQuestion) else value_of(score)
    return value is not None and value >= question.evidence_from


def unproven(definition: Definition, card: Scorecard, proven: Collection[str]) -> tuple[str, ...]:
    """Those of :func:`needs_evidence` that are not among ``proven``, the questions with files."""
    return tuple(name for name in needs_evidence(definition, card) if name not in proven)


def with_files(files: Iterable[tuple[str, Collection[object]]]) -> frozenset[str]:
    """Ids of the questions that have files, from pairs of question and files."""
    return frozenset(question for question, attached in files if attached)
