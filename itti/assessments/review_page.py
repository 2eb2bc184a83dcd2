"""The review: the assessor's answers beside the factory's own, remarks on each, and the decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError
from starlette.responses import Response

from itti.assessments import answer_words, asked, asking, service, wayfinding
from itti.assessments.asking import Remarked, ShownFile
from itti.assessments.errors import NoteMissing
from itti.assessments.layout import Leaf
from itti.assessments.moves import MoveName
from itti.assessments.schemas import CommentInput
from itti.assessments.standing import answer_of
from itti.assessments.tables import Answer, Assessment, AssessmentState, Phase
from itti.evidence import service as evidence
from itti.http.errors import InvalidInput
from itti.http.mistakes import mistakes_of
from itti.programme import rules
from itti.web.forms import Form
from itti.web.visits import Visit
from questionnaires.errors import Fault

_COMMENT = "comment-"


@dataclass(frozen=True)
class Row:
    """One dimension as the reviewer sees it."""

    id: str
    number: str
    """Number of the leaf, and of the question on it where there are several."""

    title: str
    assessed: str
    reason: str
    level_text: str
    """What the questionnaire says about the level or option that was picked."""

    away: bool
    """Not asked here; an answer is kept and does not count."""

    is_computed: bool
    own: str
    own_reason: str
    gap: int | None
    """Levels by which the assessor stands above the factory's own answer."""

    files: list[ShownFile]
    remarks: list[Remarked]


@dataclass(frozen=True)
class Part:
    """A leaf with its questions."""

    title: str
    category: str
    rows: tuple[Row, ...]
    is_plain: bool


def show(
    visit: Visit,
    one: Assessment,
    status: int = 200,
    mistake: str | None = None,
    form: Form | None = None,
) -> Response:
    """Draw the page; who does not hold the review reads it without the decision."""
    moves = {each.rule.move: each for each in service.possible(visit.session, visit.act, one)}
    approve = moves.get(MoveName.APPROVE)
    take = moves.get(MoveName.TAKE_REVIEW)
    holding = approve is not None
    asking_factory = moves.get(MoveName.HEAR_FACTORY)
    offers_reply = asking_factory is not None and rules(visit.session).reply_days > 0
    parties = service.parties_of(visit.session, one)
    standing = service.standing(visit.session, visit.act, one, Phase.ASSESSED)
    own = service.open_answers(visit.session, visit.act, one, Phase.SELF)
    return visit.show(
        "assessments/review.html",
        status,
        assessment=one,
        factory=parties.factory,
        assessor=parties.assessor,
        holding=holding,
        may_take=take is not None and take.blocked is None,
        approve_blocked=approve.blocked.sentence(visit.language) if approve and approve.blocked else None,
        hear_blocked=asking_factory.blocked.sentence(visit.language)
        if asking_factory and asking_factory.blocked
        else None,
        offers_reply=offers_reply,
        replied=_reply(visit, one),
        groups=_parts(visit, one, own),
        has_own=bool(own),
        general=asking.remarks_on(visit, service.comments(visit.session, visit.act, one), None),
        standing=standing,
        index_name=visit.say(wayfinding.index_name(Phase.ASSESSED, one, complete=standing.complete)),
        form=form or Form(),
        mistake=mistake,
    )


def _reply(visit: Visit, one: Assessment) -> service.Passage | None:
    """What the factory answered to what was found, while the reviewer decides."""
    if one.state is not AssessmentState.DECISION:
        return None
    passages = service.history(visit.session, visit.act, one)
    return next((each for each in reversed(passages) if each.move.to_state == AssessmentState.DECISION.value), None)


def refused(visit: Visit, one: Assessment, fault: Fault, posted: Mapping[str, str]) -> Response:
    """The page again with what was typed and why the decision was not taken; a missing summary by its name."""
    status, mistake = getattr(fault, "status", 422), fault.sentence(visit.language)
    errors: dict[str, tuple[str, ...]] = {}
    if isinstance(fault, NoteMissing):
        mistake = visit.say("review.note-missing", field=visit.say("review.note"))
        errors["note"] = (visit.say("review.note-needed"),)
    return show(visit, one, status, mistake, Form(dict(posted), errors))


def comments_in(posted: Mapping[str, str]) -> list[CommentInput]:
    """The remarks written into the form.

    Raises:
        InvalidInput: one of them cannot be taken.
    """
    found: list[CommentInput] = []
    for name, text in posted.items():
        if name.startswith(_COMMENT) and text.strip():
            try:
                found.append(CommentInput(question=name.removeprefix(_COMMENT), text=text))
            except ValidationError as error:
                errors = [{**item, "loc": ("body", name)} for item in error.errors(include_url=False)]
                raise InvalidInput.of(*mistakes_of(errors)) from error
    return found


def _parts(visit: Visit, one: Assessment, own: Mapping[str, Answer]) -> list[Part]:
    assessed = service.open_answers(visit.session, visit.act, one, Phase.ASSESSED)
    questionnaire = service.shown(one).asked(assessed.values())
    definition, language = questionnaire.definition, visit.language
    texts = definition.words(language)
    scores = service.scores(one, assessed.values())
    files = evidence.files(visit.session, visit.act, one)
    remarks = service.comments(visit.session, visit.act, one)
    numbers = {leaf.id: place for place, leaf in enumerate(questionnaire.leaves, start=1)}

    def row(leaf: Leaf, question: str) -> Row:
        answer, self_answer = assessed.get(question), own.get(question)
        words, score = questionnaire.words(leaf, question, language), scores[question]
        place = str(numbers[leaf.id])
        if not leaf.is_plain:
            place = f"{place}.{leaf.questions.index(question) + 1}"
        computed = asking.computed_words(questionnaire.question(question), score, language)
        return Row(
            id=question,
            number=place,
            title=words.title,
            assessed=computed or answer_words.stored_words(definition, language, answer),
            reason=answer.reason if answer else "",
            level_text=answer_words.description(words, answer_of(answer) if answer else None),
            away=asked.away(score),
            is_computed=asked.is_computed(score),
            own="" if asked.is_computed(score) else answer_words.stored_words(definition, language, self_answer),
            own_reason=self_answer.reason if self_answer else "",
            gap=_gap(answer, self_answer),
            files=asking.shown_files(files.get(question, ()), removable=False),
            remarks=asking.remarks_on(visit, remarks, question),
        )

    return [
        Part(
            leaf.heading(texts).title,
            "" if leaf.category is None else texts.nodes[leaf.category].title,
            tuple(row(leaf, question) for question in leaf.questions),
            leaf.is_plain,
        )
        for leaf in questionnaire.leaves
    ]


def _gap(answer: Answer | None, own: Answer | None) -> int | None:
    if answer is None or own is None or answer.level is None or own.level is None:
        return None
    return answer.level - own.level
