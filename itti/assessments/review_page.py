"""The review: answers beside the factory's own and the last certified ones, hints, remarks, and the decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError
from starlette.responses import Response

from itti.assessments import answer_words, asked, asking, service, wayfinding
from itti.assessments.asking import Remarked
from itti.assessments.layout import Leaf
from itti.assessments.move_errors import NoteMissing
from itti.assessments.moves import MoveName
from itti.assessments.schemas import CommentInput
from itti.assessments.standing import answer_of
from itti.assessments.tables import Assessment, AssessmentState, Phase
from itti.evidence import service as evidence
from itti.evidence.showing import ShownFile
from itti.http.errors import InvalidInput
from itti.http.mistakes import mistakes_of
from itti.programme import rules
from itti.review import service as review
from itti.review.service import Review
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

    last: str
    """What the last certified assessment says; empty where there is none."""

    last_reason: str
    step: int | None
    """Levels by which the assessor stands above that."""

    is_changed: bool
    hints: list[str]
    files: list[ShownFile]
    remarks: list[Remarked]


@dataclass(frozen=True)
class Part:
    """A leaf with its questions."""

    title: str
    category: str
    rows: tuple[Row, ...]
    is_plain: bool


def show(  # noqa: PLR0913 - what a refused decision shows again, and what is asked for
    visit: Visit,
    one: Assessment,
    status: int = 200,
    mistake: str | None = None,
    *,
    form: Form | None = None,
    only: review.Only | None = None,
) -> Response:
    """Draw the page; who does not hold the review reads it without the decision."""
    seen = review.look(visit.session, visit.act, one)
    moves = {each.rule.move: each for each in service.possible(visit.session, visit.act, one)}
    approve = moves.get(MoveName.APPROVE)
    take = moves.get(MoveName.TAKE_REVIEW)
    holding = approve is not None
    asking_factory = moves.get(MoveName.HEAR_FACTORY)
    offers_reply = asking_factory is not None and rules(visit.session).reply_days > 0
    parties = service.parties_of(visit.session, one)
    standing = service.standing(visit.session, visit.act, one, Phase.ASSESSED)
    remarks = service.comments(visit.session, visit.act, one)
    own = any(each.own is not None for each in seen.seen.values())
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
        groups=_parts(visit, seen, only),
        has_own=own,
        evidence_open=evidence.is_open(visit.act, one),
        last=seen.last,
        hints=[hint.sentence(visit.language) for hint in seen.whole],
        is_advised=seen.is_advised,
        filters=_filters(one, seen, only),
        only=None if only is None else only.value,
        content=review.content_of(visit.session, one).digest,
        general=asking.remarks_on(visit, remarks, None),
        written=len(remarks),
        may_reply=review.may_reply(visit.act, one),
        may_settle=review.may_begin(visit.act, one),
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
    return show(visit, one, status, mistake, form=Form(dict(posted), errors))


def comments_in(posted: Mapping[str, str]) -> list[CommentInput]:
    """The remarks written into the form.

    Raises:
        InvalidInput: one of them cannot be taken.
    """
    found: list[CommentInput] = []
    for name, text in posted.items():
        if name.startswith(_COMMENT) and text.strip():
            try:
                question = name.removeprefix(_COMMENT)
                found.append(
                    CommentInput(
                        question=question or None,
                        text=text,
                        demands_change=bool(posted.get(f"demands-{question}")),
                        for_factory=bool(posted.get(f"factory-{question}")),
                    )
                )
            except ValidationError as error:
                errors = [{**item, "loc": ("body", name)} for item in error.errors(include_url=False)]
                raise InvalidInput.of(*mistakes_of(errors)) from error
    return found


def narrowed(only: str) -> review.Only | None:
    """What an address narrows the answers to; None: nothing, or nothing that we know."""
    return review.Only(only) if only in tuple(review.Only) else None


@dataclass(frozen=True)
class Filter:
    """A way to narrow the answers, or (empty name) all of them."""

    name: str
    href: str
    count: int
    current: bool


def _filters(one: Assessment, seen: Review, only: review.Only | None) -> list[Filter]:
    """What the answers may be narrowed to; nothing where there is nothing to narrow by."""
    page, rows = f"/assessments/{one.id}/review", tuple(seen.seen.values())
    if not seen.is_advised:
        return []
    return [
        Filter("all", page, len(rows), only is None),
        *(
            Filter(each.value, f"{page}?only={each.value}", sum(row.is_among(each) for row in rows), only is each)
            for each in review.Only
        ),
    ]


def _parts(visit: Visit, seen: Review, only: review.Only | None) -> list[Part]:
    one, questionnaire, language = seen.assessment, seen.questionnaire, visit.language
    definition = questionnaire.definition
    texts = definition.words(language)
    files = evidence.of_assessment(visit.session, one.id) if evidence.is_open(visit.act, one) else {}
    remarks = service.comments(visit.session, visit.act, one)
    numbers = {leaf.id: place for place, leaf in enumerate(questionnaire.leaves, start=1)}

    def row(leaf: Leaf, question: str) -> Row:
        each = seen.seen[question]
        answer, words, score = (
            each.answer,
            questionnaire.words(leaf, question, language),
            seen.scorecard.question(question),
        )
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
            is_computed=each.is_computed,
            own="" if each.is_computed else answer_words.stored_words(definition, language, each.own),
            own_reason=each.own.reason if each.own else "",
            gap=each.gap,
            last=answer_words.answer_words(definition, language, question, each.last.given) if each.last else "",
            last_reason=each.last.reason if each.last else "",
            step=each.step,
            is_changed=each.is_changed,
            hints=[hint.sentence(language) for hint in each.hints],
            files=asking.shown_files(files.get(question, ()), definition, language, removable=False),
            remarks=asking.remarks_on(visit, remarks, question),
        )

    parts = [
        Part(
            leaf.heading(texts).title,
            "" if leaf.category is None else texts.nodes[leaf.category].title,
            tuple(row(leaf, question) for question in leaf.questions if seen.seen[question].is_among(only)),
            leaf.is_plain,
        )
        for leaf in questionnaire.leaves
    ]
    return [part for part in parts if part.rows]
