"""How far an assessment is and what its index may still become: a view of the scorecard for the screen."""

from collections.abc import Iterable, Mapping

from pydantic import BaseModel, ConfigDict, Field

from itti.assessments import asked
from itti.assessments.library import Questionnaire
from itti.assessments.tables import Answer
from scoring import Answer as GivenAnswer
from scoring import Deciding, NodeScore, Scorecard, contradictions, deciding, score
from scoring.plan import PlannedContradiction
from scoring.sheet import SheetAnswer

_DECIMAL = "a decimal string, rounded as the questionnaire says"


class NodeStanding(BaseModel):
    """Where one node (index, sub-index or category) stands."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(description="Id of the node in the questionnaire.", examples=["digital"])
    index: str | None = Field(
        description=f"Provisional value over what is answered so far: {_DECIMAL}. Null while nothing is, and always "
        "of a profile.",
        examples=["2.63"],
    )
    lowest: str | None = Field(description=f"Lowest value still possible: {_DECIMAL}.", examples=["1.85"])
    highest: str | None = Field(description=f"Highest value still possible: {_DECIMAL}.", examples=["3.40"])
    answered: int = Field(description="Questions below it that are answered or do not apply.", examples=[13])
    total: int = Field(description="Questions below it.", examples=[20])
    complete: bool = Field(description="True when no answer below it is missing.")


class Standing(NodeStanding):
    """Where the headline index stands; `answered` and `total` count all questions that are asked of this factory."""

    profile: bool = Field(
        False,
        description="True where the questionnaire states a profile and no overall figure: the index is always null.",
    )

    look_again: tuple[str, ...] = Field(
        (),
        description="Ids of the questions whose answers were carried over and must be looked at before submitting.",
        examples=[["quality"]],
    )


class OpenQuestion(BaseModel):
    """How much of the range that is still possible one open question decides."""

    model_config = ConfigDict(frozen=True)

    question: str = Field(description="Id of the question.", examples=["quality"])
    least: str = Field(
        description="Per cent of the remaining range of the index that is settled whichever answer it gets.",
        examples=["1.7"],
    )
    most: str = Field(description="The same for the answer that settles most.", examples=["3.3"])
    average: str = Field(description="The same on average over its answers.", examples=["2.2"])


class ContradictionView(BaseModel):
    """Answers that cannot all be true."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(description="Id of the contradiction in the questionnaire.", examples=["permit-backwards"])
    questions: tuple[str, ...] = Field(
        description="Ids of the questions whose answers contradict each other.",
        examples=[["permit-issued", "permit-until"]],
    )


class WholeStanding(Standing):
    """The headline index with what is stated beside it."""

    sub_indices: tuple[NodeStanding, ...] = Field(description="Indices stated beside the headline.")
    categories: tuple[NodeStanding, ...] = Field(description="Categories in reading order.")
    contradictions: tuple[ContradictionView, ...] = Field(
        description="What the answers contradict; they are kept, but cannot be submitted so."
    )
    answer_first: tuple[OpenQuestion, ...] = Field(
        description="Open questions that decide something of what the index may still become, those that decide most "
        "first."
    )


def as_given(answers: Iterable[Answer]) -> dict[str, GivenAnswer]:
    """Stored answers as the engine takes them. One that holds only a reason so far is missing, never a zero."""
    found = {answer.question: answer_of(answer) for answer in answers}
    return {question: answer for question, answer in found.items() if answer is not None}


def answer_of(answer: Answer) -> GivenAnswer | None:
    """A stored answer as the engine takes it; None while it holds only a reason."""
    if answer.given is None:
        return None
    return SheetAnswer.model_validate({**answer.given, "reason": answer.reason}).answer()


def scorecard_of(questionnaire: Questionnaire, answers: Iterable[Answer]) -> Scorecard:
    """The scorecard over the answers given so far."""
    return score(questionnaire.plan, as_given(answers))


def contradicting(questionnaire: Questionnaire, answers: Iterable[Answer]) -> tuple[PlannedContradiction, ...]:
    """What the answers given so far contradict."""
    return contradictions(questionnaire.plan, as_given(answers))


def standing_of(scorecard: Scorecard, look_again: Iterable[str] = ()) -> Standing:
    """Where the headline stands; ``look_again`` are the questions whose answers have a mark."""
    return Standing.model_validate({**_whole(scorecard), "look_again": _ordered(scorecard, look_again)})


def whole_standing_of(
    questionnaire: Questionnaire,
    scorecard: Scorecard,
    look_again: Iterable[str] = (),
    first: Iterable[Deciding] = (),
    found: Iterable[PlannedContradiction] = (),
) -> WholeStanding:
    """Where the headline, the sub-indices and the categories stand, what to answer first, and what contradicts."""
    definition = questionnaire.definition

    def nodes(identifiers: Iterable[str]) -> tuple[NodeStanding, ...]:
        return tuple(NodeStanding.model_validate(_fields(scorecard.node(name))) for name in identifiers)

    return WholeStanding.model_validate(
        {
            **_whole(scorecard),
            "look_again": _ordered(scorecard, look_again),
            "sub_indices": nodes(definition.sub_indices),
            "categories": nodes(definition.categories),
            "contradictions": [ContradictionView(id=each.id, questions=each.questions) for each in found],
            "answer_first": [_open_question(each) for each in first],
        }
    )


def first_to_answer(questionnaire: Questionnaire, answers: Iterable[Answer]) -> tuple[Deciding, ...]:
    """The open questions that decide something of the index, those that decide most first."""
    return deciding(questionnaire.plan, as_given(answers))


def _open_question(each: Deciding) -> OpenQuestion:
    least, most, average = each.per_cent()
    return OpenQuestion(question=each.question, least=least, most=most, average=average)


def _ordered(scorecard: Scorecard, questions: Iterable[str]) -> tuple[str, ...]:
    """The same questions in the order of the questionnaire."""
    wanted = frozenset(questions)
    return tuple(score.id for score in scorecard.questions if score.id in wanted)


def _whole(scorecard: Scorecard) -> Mapping[str, object]:
    answered, total = asked.progress(scorecard)
    complete = not asked.open_questions(scorecard)
    return {
        **_fields(scorecard.headline),
        "answered": answered,
        "total": total,
        "complete": complete,
        "profile": scorecard.headline.is_profile,
    }


def _fields(node: NodeScore) -> Mapping[str, object]:
    answered = node.answered + node.not_applicable
    return {
        "id": node.id,
        "index": node.provisional,
        "lowest": node.lowest,
        "highest": node.highest,
        "answered": answered,
        "total": answered + node.missing,
        "complete": node.missing == 0,
    }
