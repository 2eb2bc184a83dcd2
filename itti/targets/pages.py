"""Targets as a page: a form for those who may change them, the same as a table for everybody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from itti.assessments import library, reading
from itti.assessments.tables import Assessment
from itti.errors import HttpFault
from itti.targets import service
from itti.targets.errors import ROOM
from itti.targets.parts import PartKind
from itti.targets.schemas import TargetsInput
from itti.targets.tables import TargetSheet
from itti.web.forms import Form, Posted, decimal_number, taken, version_in
from itti.web.visits import Member, Visit
from questionnaires import wording
from questionnaires.errors import Fault

router = APIRouter()

_VALUE: Final = "value."
_DAY: Final = "by."
_NOTE: Final = "note."
_WHOLE: Final = ("by", "note")


@dataclass(frozen=True)
class Row:
    """One part as the page shows it."""

    id: str
    kind: PartKind
    title: str
    scale: str
    """From which value to which, in words; empty where it has no ends."""

    value: str
    before: str
    """What was aimed at in the last certified assessment; empty: nothing."""

    before_by: date | None
    """By which day of its own, where it had one."""

    before_note: str

    stored: str
    """What is aimed at as it is stored, where something else was typed; empty: the same."""

    mistakes: Mapping[str, tuple[str, ...]]
    """What is wrong: ``value``, ``by`` or ``note`` → the sentences."""

    by: str
    """Its own day as typed or stored (ISO 8601); empty: the day of all."""

    note: str

    @property
    def field(self) -> str:
        """Name of the field of its value in the form; those of its day and its note begin otherwise."""
        return _VALUE + self.id

    @property
    def day(self) -> date | None:
        """Its own day where nothing is typed."""
        return date.fromisoformat(self.by) if self.by else None


@router.get("/assessments/{identifier}/targets")
def show_targets(identifier: UUID, visit: Member) -> Response:
    """The targets of an assessment."""
    return _page(visit, reading.assessment(visit.session, visit.act, identifier))


@router.post("/assessments/{identifier}/targets")
def enter_targets(identifier: UUID, posted: Posted, visit: Member) -> Response:
    """Enter them all; what was typed wrongly is shown again with what is wrong beside it."""
    own = (_VALUE, _DAY, _NOTE)
    typed = {name: text for name, text in posted.items() if name.startswith(own) or name in _WHOLE}
    given_for = (name.partition(".")[2] for name, text in typed.items() if name.startswith(own) and text.strip())
    parts = list(dict.fromkeys(given_for))
    try:
        targets = [
            {
                "part": part,
                "value": _number(posted.get(_VALUE + part, "")),
                "by": posted.get(_DAY + part, "").strip() or None,
                "note": posted.get(_NOTE + part, ""),
            }
            for part in parts
        ]
        given = taken(TargetsInput, posted, _WHOLE, defaults={"targets": targets})
        service.enter(visit.session, visit.act, identifier, given, expected=version_in(posted) or 0)
    except Fault as fault:
        visit.undo(fault)
        one = reading.assessment(visit.session, visit.act, identifier)
        form = Form(typed, _errors(fault, parts, visit.language))
        return _page(visit, one, getattr(fault, "status", 422), form)
    return visit.go(f"/assessments/{identifier}/targets", "targets-saved")


def _number(text: str) -> str:
    """As the API writes numbers, where it is one; else as typed, to be refused."""
    return decimal_number(text) or text


def _errors(fault: Fault, parts: list[str], language: str) -> Mapping[str, tuple[str, ...]]:
    """The sentences by field of the form; ``""``: about the whole."""
    found: dict[str, tuple[str, ...]] = {}
    mistakes = fault.mistakes if isinstance(fault, HttpFault) else ()
    for mistake in mistakes:
        first, _, rest = mistake.pointer.strip("/").partition("/")
        place, _, inner = rest.partition("/")
        before = {"by": _DAY, "note": _NOTE}.get(inner.partition("/")[0], _VALUE)
        name = before + parts[int(place)] if first == "targets" and place.isdecimal() else first
        words = wording.say(mistake.room, f"field.{mistake.key}", language, **mistake.details)
        found[name] = (*found.get(name, ()), words)
    return found or {"": (fault.sentence(language),)}


def _page(visit: Visit, one: Assessment, status: int = 200, form: Form | None = None) -> Response:
    sheet = service.sheet_of(visit.session, one)
    earlier = service.earlier_targets(visit.session, one)
    shown = form or _stored(sheet)
    aims = {} if sheet is None else sheet.aims
    rows = _rows(visit, one, shown, aims, earlier or service.EarlierTargets({}, visit.act.today, {}, {}))
    known = {*_WHOLE, "", *(start + row.id for row in rows for start in (_VALUE, _DAY, _NOTE))}
    lost = tuple(text for name, texts in shown.errors.items() if name not in known for text in texts)
    if lost:  # a field that is not on the page was tampered with
        shown = Form(shown.values, {**shown.errors, "": (*shown.errors.get("", ()), *lost)})
    return visit.show(
        "targets/targets.html",
        status,
        assessment=one,
        factory=reading.parties_of(visit.session, one).factory,
        questionnaire=library.shown(one).definition.words(visit.language),
        sheet=sheet,
        version=0 if sheet is None else sheet.version,
        may_change=service.may_change(visit.session, visit.act, one),
        rows=rows,
        earlier=earlier,
        form=shown,
        today=visit.act.today,
    )


def _stored(sheet: TargetSheet | None) -> Form:
    if sheet is None:
        return Form()
    by: date | None = sheet.by
    whole = {"by": "" if by is None else by.isoformat(), "note": sheet.note}
    own = ((_VALUE, sheet.aims), (_DAY, sheet.days), (_NOTE, sheet.notes))
    return Form({**whole, **{start + part: text for start, texts in own for part, text in texts.items()}})


def _rows(
    visit: Visit, one: Assessment, form: Form, aims: Mapping[str, str], before: service.EarlierTargets
) -> list[Row]:
    definition = library.shown(one).definition
    found: list[Row] = []
    for part in service.parts_of(definition):
        field = _VALUE + part.id
        ends = service.ends(part)
        typed, stored = str(form.values.get(field, "")), aims.get(part.id, "")
        found.append(
            Row(
                id=part.id,
                kind=part.kind,
                title=part.title(definition, visit.language),
                scale=wording.say(ROOM, f"scale.{ends.name}", visit.language, **ends.details),
                value=typed,
                before=before.aims.get(part.id, ""),
                before_by=date.fromisoformat(before.days[part.id]) if part.id in before.days else None,
                before_note=before.notes.get(part.id, ""),
                stored=stored if _number(typed) != stored else "",
                mistakes={
                    name: form.errors.get(start + part.id, ())
                    for name, start in (("value", _VALUE), ("by", _DAY), ("note", _NOTE))
                },
                by=str(form.values.get(_DAY + part.id, "")),
                note=str(form.values.get(_NOTE + part.id, "")),
            )
        )
    return found
