"""What waits for a person, by role: the first page after signing in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from itti.accounts import colleagues
from itti.accounts.tables import Role, User
from itti.accreditation import granting
from itti.accreditation import service as accreditation
from itti.accreditation.validity import families
from itti.assessments import service as assessments
from itti.assessments.tables import AssessmentState as S
from itti.certificates import service as certificates
from itti.certificates.tables import Certificate
from itti.factories import service as factories
from itti.http.paging import MOST, Paging
from itti.mail import service as mail
from itti.papers import service as papers
from itti.web.visits import Visit

_ALL: Final = Paging(MOST, None)


@dataclass(frozen=True)
class Task:
    """An assessment that waits for this person, or that is this person's and waits for somebody else."""

    href: str
    words: str
    factory: str
    detail: str
    state: str


@dataclass(frozen=True)
class Count:
    """A number of the overview."""

    words: str
    number: int
    href: str | None


@dataclass(frozen=True)
class RecentCertificate:
    """A certificate of the last time."""

    number: str
    factory: str
    index_value: str | None
    """None: the questionnaire states a profile and no overall figure."""


@dataclass(frozen=True)
class Reminder:
    """A sentence about one's accreditation."""

    tone: str
    words: str


def home(visit: Visit) -> dict[str, object]:
    """The context of the page."""
    assert visit.act.actor is not None  # noqa: S101 - the page is for members
    actor = visit.act.actor
    lines = assessments.listed(visit.session, visit.act, paging=_ALL).rows
    return {
        "belongs": _belongs(visit, actor),
        "papers_failed": papers.failures(visit.session, visit.act) if actor.role is Role.PROGRAMME else 0,
        "messages_failed": mail.failures(visit.session, visit.act) if actor.role is Role.PROGRAMME else 0,
        "notices": [each.sentence(visit.language) for each in _notices(visit, actor)],
        "borrowed_password": actor.password_handed_over,
        "tasks": _tasks(visit, actor, lines),
        "elsewhere": _elsewhere(visit, actor, lines),
        "counts": _counts(visit),
        "recent": _recent(visit),
        "holds": _held(visit) if actor.role is Role.FACTORY else None,
        "accreditation_notes": _reminders(visit, actor),
    }


def _notices(visit: Visit, actor: User) -> Sequence[certificates.Notice]:
    if actor.role is not Role.PROGRAMME:
        return ()
    return certificates.notices(visit.session, visit.act, visit.settings)


def _belongs(visit: Visit, actor: User) -> object | None:
    if actor.role is Role.ASSESSOR and actor.body_id:
        return accreditation.body(visit.session, visit.act, actor.body_id)
    if actor.role is Role.FACTORY and actor.factory_id:
        return factories.factory(visit.session, visit.act, actor.factory_id)
    return None


def _tasks(visit: Visit, actor: User, lines: Sequence[assessments.Line]) -> list[Task]:
    found: list[tuple[int, Task]] = []
    for line in lines:
        key = _task(actor, line, visit.act.today)
        if key is None:
            continue
        found.append((_ORDER[key], _entry(visit, line, visit.say(f"task.{key}"))))
    return [task for _, task in sorted(found, key=lambda pair: pair[0])]


def _entry(visit: Visit, line: assessments.Line, words: str) -> Task:
    return Task(
        href=f"/assessments/{line.assessment.id}",
        words=words,
        factory=visit.called(line.parties.factory),
        detail=_detail(visit, line),
        state=line.assessment.state.value,
    )


def _elsewhere(visit: Visit, actor: User, lines: Sequence[assessments.Line]) -> list[Task]:
    """The assessor's own assessments that wait for somebody else, with the words for whom."""
    found: list[Task] = []
    for line in lines:
        if line.assessment.assessor_id != actor.id:
            continue
        if line.assessment.state is S.SELF_ASSESSMENT:
            found.append(_entry(visit, line, visit.say("waits.self_assessment")))
        elif line.assessment.state is S.REPLY and line.assessment.reply_until is not None:
            day = visit.day(line.assessment.reply_until)
            found.append(_entry(visit, line, visit.say("waits.reply", day=day)))
        elif line.assessment.state in {S.REVIEW, S.DECISION}:
            reviewer = line.parties.reviewer
            words = visit.say("waits.review", name=visit.called(reviewer)) if reviewer else visit.say("waits.reviewer")
            found.append(_entry(visit, line, words))
    return found


_ORDER: Final[Mapping[str, int]] = {
    key: place
    for place, key in enumerate(
        (
            "reply",
            "returned",
            "decide-now",
            "hear",
            "decide",
            "answer",
            "take-appeal",
            "take",
            "start",
            "assess",
            "begin-self",
            "appeal-stuck",
            "review-stuck",
            "overdue",
        )
    )
}
"""What comes first in the list."""


def _task(actor: User, line: assessments.Line, today: date) -> str | None:
    """What this assessment asks of the person, or None."""
    one = line.assessment
    if actor.role is Role.FACTORY:
        return {S.PLANNED: "begin-self", S.SELF_ASSESSMENT: "answer", S.REPLY: "reply"}.get(one.state)
    if actor.role is Role.PROGRAMME:
        if one.state in {S.REVIEW, S.DECISION} and one.reviewer_id is None:
            return "review-stuck"
        if one.state is S.APPEAL and one.hearer_id is None:
            return "appeal-stuck"
        waiting = one.state in {S.PLANNED, S.SELF_ASSESSMENT, S.SELF_ASSESSED}
        return "overdue" if waiting and one.planned_for < today else None
    return _assessor_task(actor, line)


def _assessor_task(actor: User, line: assessments.Line) -> str | None:
    one = line.assessment
    if one.state is S.APPEAL and actor.id not in {one.assessor_id, one.reviewer_id}:
        return "hear" if one.hearer_id == actor.id else "take-appeal"
    if one.state in {S.REVIEW, S.DECISION} and one.assessor_id != actor.id:
        if one.reviewer_id != actor.id:
            return "take"
        return "decide" if one.state is S.REVIEW else "decide-now"
    if one.assessor_id != actor.id:
        return None
    if one.state is S.ASSESSMENT:
        return "returned" if one.submitted_at is not None else "assess"
    return "start" if one.state in {S.PLANNED, S.SELF_ASSESSED} else None


def _detail(visit: Visit, line: assessments.Line) -> str:
    if line.assessment.state is S.ASSESSMENT:
        return visit.say("task.progress", answered=line.answered, total=line.total)
    if line.assessment.state is S.REPLY and line.assessment.reply_until is not None:
        return visit.say("task.until", day=visit.day(line.assessment.reply_until))
    return visit.say("task.visit", day=visit.day(line.assessment.planned_for))


def _counts(visit: Visit) -> list[Count]:
    numbers = assessments.counts(visit.session, visit.act)
    shown = [
        Count(visit.say(f"state.{state.value}"), number, f"/assessments?state={state.value}")
        for state, number in numbers.items()
        if number
    ]
    if visit.role is not Role.PROGRAMME:
        return shown
    places = (
        ("nav.factories", factories.factories(visit.session, visit.act, _ALL).rows, "/factories"),
        ("nav.bodies", accreditation.bodies(visit.session, visit.act, _ALL).rows, "/bodies"),
        ("nav.assessors", accreditation.assessors(visit.session, visit.act, _ALL).rows, "/assessors"),
        ("colleagues.title", colleagues.colleagues(visit.session, visit.act), "/colleagues"),
        ("messages.title", mail.outbox(visit.session, visit.act, _ALL).rows, "/messages"),
    )
    return [*(Count(visit.say(key), len(rows), href) for key, rows, href in places), *shown]


def _recent(visit: Visit) -> list[RecentCertificate]:
    rows = certificates.listed(visit.session, visit.act, Paging(3, None)).rows
    return [
        RecentCertificate(
            row.number,
            (row.factory_name_ar or row.factory_name) if visit.language == "ar" else row.factory_name,
            row.index_value,
        )
        for row in rows
    ]


def _held(visit: Visit) -> Certificate | None:
    """The certificate in force that the factory got last."""
    rows = certificates.listed(visit.session, visit.act, _ALL).rows
    valid = [row for row in rows if certificates.standing(row, visit.act.today) is certificates.Standing.VALID]
    return max(valid, key=lambda row: (row.issued_on, row.number), default=None)


def _reminders(visit: Visit, actor: User) -> list[Reminder]:
    """Words to the office and to an assessor about accreditations that are missing or soon will be."""
    if actor.role is Role.FACTORY:
        return []
    found: list[Reminder] = []
    if actor.role is Role.ASSESSOR and not families(visit.session, actor, visit.act.today):
        found.append(Reminder("warn", visit.say("home.not-accredited")))
    for each in granting.ending_soon(visit.session, visit.act):
        own = isinstance(each.holder, User) and each.holder.id == actor.id
        key = "home.accreditation-ends" if own else "home.accreditation-ends-of"
        words = visit.say(key, day=visit.day(each.last), name=visit.called(each.holder))
        found.append(Reminder("warn", words))
    return found
