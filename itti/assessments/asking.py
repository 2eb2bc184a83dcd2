"""One question as the form shows it: what is asked, what has been answered, and what belongs to the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from itti.accounts.tables import Role
from itti.assessments import answer_words, asked, listing, posting, service
from itti.assessments.figures import decimal, figure
from itti.assessments.listing import Listed
from itti.assessments.looks import Look, look_of
from itti.assessments.reading import Remark
from itti.assessments.refusals import field_of
from itti.assessments.schemas import AnswerGiven
from itti.assessments.standing import contradicting
from itti.assessments.tables import OPEN_TO_FACTORY, Answer, Assessment, AssessmentState, Phase
from itti.assessments.wayfinding import Place, state_of
from itti.evidence.reading import Proof
from itti.evidence.showing import ShownFile, shown
from itti.http.etags import etag
from itti.web.rendering import plain
from itti.web.visits import Visit
from questionnaires.formula.inlining import parsed
from questionnaires.formula.tree import Name, walk
from questionnaires.model import (
    ChoicesQuestion,
    ComputedQuestion,
    Definition,
    ItemsQuestion,
    LevelQuestion,
    NotApplicable,
    NumberQuestion,
    Question,
    QuestionText,
)
from scoring import QuestionScore, Scorecard
from scoring.answers import decimal_text


@dataclass(frozen=True)
class Refusal:
    """An answer that was not taken, to be shown again with the reason."""

    status: int
    given: AnswerGiven
    mistake: str
    theirs: str | None
    """What is stored instead, in words, after a conflict."""

    texts: Mapping[str, str] = field(default_factory=dict)
    """Fields as they were typed, where they cannot be read."""


@dataclass(frozen=True)
class Contradicts:
    """A contradiction that a question can be part of."""

    id: str
    text: str
    holds: bool


@dataclass(frozen=True)
class Remarked:
    """A remark, or a reply to one, as pages show it."""

    id: UUID
    version: int
    question: str | None
    text: str
    by: str
    at: datetime
    demands_change: bool
    for_factory: bool
    resolved_by: str
    """Who resolved it; empty: it is open."""

    replies: Sequence[Remarked] = ()


@dataclass(frozen=True)
class Ask:
    """See the module."""

    question: Question
    words: QuestionText
    key: str
    """What its ids end with, so that they differ on a page of several questions."""

    end: str
    """What the names of its fields end with."""

    field: str
    """The field of an answer that it takes."""

    given: AnswerGiven
    number: str
    """The text of its number field."""

    day: str
    """The text of its date field."""

    version: int | None
    etag: str | None
    saved_at: datetime | None
    away: bool
    """Not asked here: its condition does not hold."""

    needs: Sequence[str]
    """Titles of what its condition, or its formula, depends on."""

    stored: str
    """The stored answer in words; empty where there is none."""

    computed: str
    """The number of a computed question; empty while it has none."""

    own: Answer | None
    """What the factory said of itself."""

    own_given: AnswerGiven
    own_words: str
    look: Look | None
    """Why the stored answer must be looked at again."""

    remarks: Sequence[Remarked]
    mistake: str | None
    theirs: str | None
    none_offered: bool
    """Whether "none of these" has to be offered, because the question has no such option of its own."""

    limits: Mapping[str, str] | None
    """Least and most that a number may be, and its decimal places; empty where there is no limit."""

    evidence_from: str
    """From when on evidence is demanded, in words; empty where it is not."""

    evidence_missing: bool
    contradictions: Sequence[Contradicts]
    listed: Listed | None
    """Of a list: its items."""

    files: Sequence[ShownFile]
    offered: Sequence[ShownFile]
    """Evidence of the assessment that the question could use too."""

    files_href: str

    @property
    def kind(self) -> str:
        """The kind of question."""
        return self.question.kind

    @property
    def unit(self) -> str:
        """The unit of its number; empty where it has none."""
        return getattr(self.question, "unit", None) or ""

    @property
    def may_not_apply(self) -> bool:
        """Whether "does not apply here" is offered."""
        return getattr(self.question, "not_applicable", None) is NotApplicable.ALLOWED


@dataclass(frozen=True)
class Facts:
    """What all questions of a page are drawn from, each read once."""

    place: Place
    card: Scorecard
    answers: Mapping[str, Answer]
    own: Mapping[str, Answer]
    remarks: Sequence[Remark]
    files: Mapping[str, Sequence[Proof]]
    evidence: Sequence[Proof]
    """All of it, with what no question uses."""

    writable: bool
    refusals: Mapping[str, Refusal]
    contradicting: frozenset[str]
    """Ids of the contradictions that hold."""


def remarks_on(visit: Visit, remarks: Sequence[Remark], question: str | None) -> list[Remarked]:
    """The remarks on one question (None: on the whole) with the replies to them, oldest first."""
    return [
        replace(
            _remarked(visit, each),
            replies=[_remarked(visit, reply) for reply in remarks if reply.comment.parent_id == each.comment.id],
        )
        for each in remarks
        if each.comment.question == question and each.comment.parent_id is None
    ]


def _remarked(visit: Visit, each: Remark) -> Remarked:
    one = each.comment
    return Remarked(
        id=one.id,
        version=one.version,
        question=one.question,
        text=one.text,
        by=visit.called(each.author),
        at=one.created_at,
        demands_change=one.demands_change,
        for_factory=one.for_factory,
        resolved_by=visit.called(each.resolver) if each.resolver else "",
    )


def readable_remarks(visit: Visit, one: Assessment) -> Sequence[Remark]:
    """The remarks of reviewers; of factory people those that are open to them."""
    if visit.role is Role.FACTORY and one.state not in OPEN_TO_FACTORY:
        return []
    return service.comments(visit.session, visit.act, one)


def shown_files(files: Sequence[Proof], definition: Definition, language: str, *, removable: bool) -> list[ShownFile]:
    """Evidence as pages show it."""
    texts = definition.words(language).questions

    def title_of(name: str) -> str:
        return texts[name].title if name in texts else name

    return [shown(each, title_of, removable=removable) for each in files]


def _offered(facts: Facts, name: str) -> list[ShownFile]:
    """What the assessment has already, and the question does not use."""
    if not facts.writable:
        return []
    others = [each for each in facts.evidence if name not in each.questions]
    return shown_files(others, facts.place.definition, facts.place.visit.language, removable=False)


def ask(facts: Facts, name: str) -> Ask:
    """One question of the page."""
    place, definition, language = facts.place, facts.place.definition, facts.place.visit.language
    question = place.questionnaire.question(name)
    refusal, answer, own = facts.refusals.get(name), facts.answers.get(name), facts.own.get(name)
    score = facts.card.question(name)
    given = refusal.given if refusal else _given(answer)
    files = facts.files.get(name, ())
    return Ask(
        question=question,
        words=place.questionnaire.words(place.leaf, name, language),
        key="" if place.leaf.is_plain else f"-{name}",
        end=posting.ending(place.leaf, name),
        field=field_of(question.kind),
        given=given,
        number=_number_text(given, refusal),
        day=_day_text(given, refusal),
        version=answer.version if answer else None,
        etag=etag(answer.version) if answer else None,
        saved_at=answer.updated_at if answer and not refusal else None,
        away=asked.away(score),
        needs=_titles(definition, language, question),
        stored=answer_words.stored_words(definition, language, answer) if answer and answer.given else "",
        computed=computed_words(question, score, language),
        own=own,
        own_given=_given(own),
        own_words=answer_words.stored_words(definition, language, own),
        look=look_of(place.one, answer, language),
        remarks=remarks_on(place.visit, facts.remarks, name),
        mistake=refusal.mistake if refusal else None,
        theirs=refusal.theirs if refusal else None,
        none_offered=_offers_none(question),
        limits=_limits(question, language),
        evidence_from=evidence_words(question, language),
        evidence_missing=name in asked.unproven(definition, facts.card, asked.with_files(facts.files.items())),
        contradictions=[
            Contradicts(each.id, definition.words(language).contradictions[each.id], each.id in facts.contradicting)
            for each in place.questionnaire.plan.contradictions
            if name in each.questions
        ],
        listed=_listed(facts, question, given, refusal),
        files=shown_files(files, definition, language, removable=facts.writable),
        offered=_offered(facts, name),
        files_href=f"/assessments/{place.one.id}/answers/{name}/evidence",
    )


def _listed(facts: Facts, question: Question, given: AnswerGiven, refusal: Refusal | None) -> Listed | None:
    if not isinstance(question, ItemsQuestion):
        return None
    return listing.listed(
        facts.place,
        question,
        given,
        refusal.texts if refusal else {},
        card=facts.card,
        own=facts.own.get(question.id),
        keys=listing.keys_of(facts.answers, facts.own, facts.remarks),
    )


def evidence_words(question: Question, language: str) -> str:
    """From when on a question demands evidence, as a sentence; empty where it never does."""
    if question.evidence_from is None:
        return ""
    if question.evidence_from == "answered":
        return plain(language, "evidence.whenever-answered")
    key = "evidence.from-level" if isinstance(question, LevelQuestion) else "evidence.from-value"
    return plain(language, key, value=decimal(str(question.evidence_from), 4))


def own_answers(place: Place) -> Mapping[str, Answer]:
    """What the factory said of itself, as marks beside the assessor's answers."""
    if place.phase is Phase.SELF or place.one.state in {AssessmentState.PLANNED, AssessmentState.SELF_ASSESSMENT}:
        return {}
    visit = place.visit
    return service.open_answers(visit.session, visit.act, place.one, Phase.SELF)


def computed_words(question: Question, score: QuestionScore, language: str) -> str:
    """The number of a computed question with its unit; empty while it has none."""
    if not isinstance(question, ComputedQuestion) or score.number is None:
        return ""
    return figure(score.number, language, question.unit)


def contradictions_of(place: Place) -> frozenset[str]:
    """Ids of what the answers of a phase contradict."""
    if not place.questionnaire.plan.contradictions:
        return frozenset()
    answers = service.open_answers(place.visit.session, place.visit.act, place.one, place.phase)
    return frozenset(each.id for each in contradicting(place.questionnaire, answers.values()))


def after_saving(place: Place, card: Scorecard, files: Mapping[str, Sequence[Proof]]) -> dict[str, Any]:
    """What an answer changed elsewhere on the page: which questions are asked, computed numbers, marks of the map."""
    language, definition = place.visit.language, place.definition
    unproven = (
        asked.unproven(definition, card, asked.with_files(files.items())) if place.phase is Phase.ASSESSED else ()
    )
    held = contradictions_of(place)
    return {
        "next": place.after,
        "leaves": {leaf.id: state_of(leaf, card) for leaf in place.questionnaire.leaves},
        "questions": {
            name: {
                "away": asked.away(card.question(name)),
                "computed": computed_words(place.questionnaire.question(name), card.question(name), language),
                "unproven": name in unproven,
                "contradictions": sorted(held),
            }
            for name in place.leaf.questions
        },
    }


def _given(answer: Answer | None) -> AnswerGiven:
    return AnswerGiven(level=None) if answer is None else AnswerGiven.of(answer)


def _number_text(given: AnswerGiven, refusal: Refusal | None) -> str:
    if refusal is not None and "number" in refusal.texts:
        return refusal.texts["number"]
    return "" if given.number is None else decimal_text(given.number)


def _day_text(given: AnswerGiven, refusal: Refusal | None) -> str:
    if refusal is not None and "date" in refusal.texts:
        return refusal.texts["date"]
    return "" if given.date is None else given.date.isoformat()


def _titles(definition: Definition, language: str, question: Question) -> list[str]:
    """What a condition or a formula depends on, by title."""
    formulas = [question.applies_when] if question.applies_when else []
    if isinstance(question, ComputedQuestion):
        formulas.append(question.formula)
    texts = definition.words(language)
    titles = {name: words.title for name, words in texts.questions.items()}
    titles |= {name: words.title for words_of in (texts.nodes, texts.figures) for name, words in words_of.items()}
    conditions = definition.named_conditions
    names = [part.id for formula in formulas for part in walk(parsed(formula, conditions)) if isinstance(part, Name)]
    return [titles[name] for name in dict.fromkeys(names)]


def _offers_none(question: Question) -> bool:
    return (
        isinstance(question, ChoicesQuestion)
        and question.least_picked == 0
        and not any(option.alone for option in question.options)
    )


def _limits(question: Question, language: str) -> Mapping[str, str] | None:
    if not isinstance(question, NumberQuestion):
        return None
    return {
        "least": "" if question.least is None else figure(str(question.least), language),
        "most": "" if question.most is None else figure(str(question.most), language),
        "places": "" if question.places is None else str(question.places),
        "step": "" if question.step is None else figure(str(question.step), language),
    }
