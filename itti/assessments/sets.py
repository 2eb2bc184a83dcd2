"""Answers that wait for the database at the same moment, saved as one set: one question to the database for all.

What :func:`itti.assessments.answers.save` does for one answer is done here for many, as long as nothing is out of the
ordinary: somebody signed in by a token of their own writes an answer that they may write, to a question and against the
state in force. Whatever else there is to say (every refusal, a repetition, a list that changes) is left to that
function, so that it is said in one place. The locks are taken kind by kind in the same order as there, and of one kind
in the order of their ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Session, col

from itti.accounts import uses
from itti.assessments.admitting import Admitted, Sent, admitted
from itti.assessments.answers import check, content
from itti.assessments.in_force import ASKED, OF_PHASE, InForce, in_force
from itti.assessments.library import Questionnaire
from itti.assessments.schemas import AnswerView, SavedView
from itti.assessments.standing import standing_of
from itti.assessments.tables import Answer, PackedAnswers, Phase
from itti.audit.service import entry, record_all
from itti.http.errors import TooManyRequests
from itti.http.limits import count
from itti.settings import Settings
from questionnaires.errors import Fault
from scoring import Answer as GivenAnswer
from scoring import score
from scoring.packing import pack

_WANTED: Final = sa.tuple_(col(Answer.assessment_id), col(Answer.question)).in_(sa.bindparam("wanted", expanding=True))
_STORED: Final = (
    sa.select(
        *(col(each) for each in (Answer.assessment_id, Answer.question, Answer.id, Answer.version)),
        *(col(each) for each in (Answer.given, Answer.reason, Answer.author_id)),
    )
    .where(_WANTED, OF_PHASE)
    .order_by(col(Answer.id))
    .with_for_update()
)
"""The answers that are to change, held until the transaction ends."""

_CHANGED: Final = (
    sa.update(Answer)
    .where(col(Answer.id) == sa.bindparam("held"), col(Answer.version) == sa.bindparam("expected"))
    .values(
        version=col(Answer.version) + 1,
        given=sa.bindparam("new_given"),
        reason=sa.bindparam("new_reason"),
        look_again=sa.null(),
        author_id=sa.bindparam("author"),
        updated_at=sa.bindparam("at"),
    )
)
_FIRST: Final = sa.insert(Answer)
_VECTORS: Final = (
    sa.select(col(PackedAnswers.assessment_id), col(PackedAnswers.id))
    .where(col(PackedAnswers.assessment_id).in_(ASKED), col(PackedAnswers.phase) == sa.bindparam("phase"))
    .order_by(col(PackedAnswers.id))
    .with_for_update()
)
"""The vectors of the assessments, held before their answers are read: of two changes at once the later packs both."""

_PACKED: Final = (
    sa.update(PackedAnswers).where(col(PackedAnswers.id) == sa.bindparam("held")).values(vector=sa.bindparam("packed"))
)
_FIRST_PACKED: Final = sa.insert(PackedAnswers)


@dataclass(frozen=True)
class Stored:
    """What became of an answer."""

    version: int
    created: bool
    """True for the first answer to the question."""

    view: bytes
    """:class:`itti.assessments.schemas.SavedView` as JSON."""


class Disturbed(Exception):
    """What was held has changed all the same, so the set is to be undone."""


def fits(chosen: Sequence[Sent], sent: Sent) -> bool:
    """Whether an answer may join a set: all of one phase, and each of another assessment."""
    return all(each.phase is sent.phase and each.assessment != sent.assessment for each in chosen)


def save_set(settings: Settings, session: Session, sent: Sequence[Sent]) -> list[Stored | TooManyRequests | None]:
    """Store the answers with which nothing is out of the ordinary.

    Args:
        settings: in force.
        session: a writing session for this alone.
        sent: answers that fit together (:func:`fits`).

    Returns:
        what became of each, in its place; None: nothing was done.

    Raises:
        Disturbed: the set has to be undone, and its answers go one by one.
    """
    phase = sent[0].phase
    outcomes: dict[int, Stored | TooManyRequests] = {}
    going = _going(session, phase, admitted(session, settings, phase, sent))
    for each in going:
        try:
            count(each.admitted.sent.request, str(each.admitted.user.id))
        except TooManyRequests as refusal:
            outcomes[id(each.admitted.sent)] = refusal
    written = [each for each in going if id(each.admitted.sent) not in outcomes]
    if written:
        _write(session, written)
        record_all(session, [each.entry for each in written])
        views = _packed(session, phase, written)
        for each in written:
            uses.note(each.admitted.sent.request, each.admitted.token, each.admitted.act.at)
            outcomes[id(each.admitted.sent)] = Stored(each.version, each.before is None, views[each.assessment])
    return [outcomes.get(id(each)) for each in sent]


@dataclass(frozen=True)
class _Going:
    """An answer that is written."""

    admitted: Admitted
    id: UUID
    given: Mapping[str, Any] | None
    """As the table keeps it."""

    version: int
    """The one it will have."""

    before: Mapping[str, Any] | None
    """What the record keeps of the answer that it takes the place of; None: there was none."""

    @property
    def assessment(self) -> UUID:
        """Of which assessment."""
        return self.admitted.sent.assessment

    @property
    def reason(self) -> str:
        """What it rests on."""
        return self.admitted.sent.given.reason

    @property
    def entry(self) -> dict[str, Any]:
        """What the record says of it."""
        sent = self.admitted.sent
        return entry(
            self.admitted.act,
            "answer.saved",
            "answer",
            self.id,
            assessment=str(sent.assessment),
            phase=sent.phase.value,
            question=sent.question,
            before=self.before,
            after=content(self.given, self.reason),
        )

    def view(self, asked: Questionnaire, answers: Sequence[InForce], given: Mapping[str, GivenAnswer]) -> bytes:
        """What the API answers, where these are the answers in force."""
        sent = self.admitted.sent
        card = score(asked.plan, given)
        row = {
            "question": sent.question,
            "phase": sent.phase,
            "reason": self.reason,
            "author_id": self.admitted.user.id,
            "updated_at": self.admitted.act.at,
            "version": self.version,
        }
        view = AnswerView.stated(row, self.given, card.question(sent.question))
        standing = standing_of(card, [each.question for each in answers if each.marked])
        return SavedView(answer=view, standing=standing).model_dump_json().encode()


def _going(session: Session, phase: Phase, found: Sequence[Admitted]) -> list[_Going]:
    """Those that fit their questions and were made against the state in force."""
    if not found:
        return []
    listing = [each.sent.assessment for each in found if each.published.lists]
    named = in_force(session, phase, listing) if listing else {}
    wanted = [(each.sent.assessment, each.sent.question) for each in found]
    rows: Iterable[Any] = session.connection().execute(_STORED, {"wanted": wanted, "phase": phase})
    stored = {(row.assessment_id, row.question): row for row in rows}
    going = []
    for each in found:
        sent = each.sent
        try:
            asked = each.published.asked(named.get(sent.assessment, ()))
            check(asked, phase, sent.question, sent.given)
        except Fault:
            continue
        one = None if sent.question in asked.lists else _one(each, stored.get((sent.assessment, sent.question)))
        if one is not None:
            going.append(one)
    return going


def _one(admitted: Admitted, row: Any | None) -> _Going | None:
    sent, given = admitted.sent, admitted.sent.given.stored
    if row is None:
        return _Going(admitted, uuid4(), given, 1, None) if sent.expected is None else None
    if row.version != sent.expected:
        return None
    if (row.given, row.reason, row.author_id) == (given, sent.given.reason, admitted.user.id):
        return None
    return _Going(admitted, row.id, given, row.version + 1, content(row.given, row.reason))


def _write(session: Session, going: Sequence[_Going]) -> None:
    connection = session.connection()
    changed = [
        {
            "held": each.id,
            "expected": each.version - 1,
            "new_given": each.given,
            "new_reason": each.reason,
            "author": each.admitted.user.id,
            "at": each.admitted.act.at,
        }
        for each in going
        if each.before is not None
    ]
    if changed and connection.execute(_CHANGED, changed).rowcount != len(changed):
        raise Disturbed
    first = [
        {
            "id": each.id,
            "version": each.version,
            "assessment_id": each.assessment,
            "phase": each.admitted.sent.phase,
            "question": each.admitted.sent.question,
            "given": each.given,
            "reason": each.reason,
            "author_id": each.admitted.user.id,
            "updated_at": each.admitted.act.at,
        }
        for each in sorted(going, key=lambda each: (each.assessment, each.admitted.sent.question))
        if each.before is None
    ]
    if first:
        connection.execute(_FIRST, first)


def _packed(session: Session, phase: Phase, going: Sequence[_Going]) -> dict[UUID, bytes]:
    """Pack the answers of the assessments anew; returns what the API answers, assessment by assessment."""
    connection = session.connection()
    names = [each.assessment for each in going]
    vectors = connection.execute(_VECTORS, {"assessments": names, "phase": phase})
    held: dict[UUID, UUID] = {row.assessment_id: row.id for row in vectors}
    answers = in_force(session, phase, names)
    views, again, first = {}, [], []
    for each in going:
        rows = answers[each.assessment]
        given = {row.question: row.answer for row in rows if row.answer is not None}
        vector = pack(each.admitted.published.plan, given)
        if each.assessment in held:
            again.append({"held": held[each.assessment], "packed": vector})
        else:
            row = {"id": uuid4(), "assessment_id": each.assessment, "phase": phase, "vector": vector}
            first.append(row)
        views[each.assessment] = each.view(each.admitted.published.asked(rows), rows, given)
    if again:
        connection.execute(_PACKED, again)
    if first:
        connection.execute(_FIRST_PACKED, sorted(first, key=lambda row: str(row["assessment_id"])))
    return views
