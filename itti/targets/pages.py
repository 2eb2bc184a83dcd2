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

    stored: str
    """What is aimed at as it is stored, where something else was typed; empty: the same."""

    mistakes: tuple[str, ...]

    @property
    def field(self) -> str:
        """Name of its field in the form."""
        return _VALUE + self.id


@router.get("/assessments/{identifier}/targets")
def show_targets(identifier: UUID, visit: Member) -> Response:
    """The targets of an assessment."""
    return _page(visit, reading.assessment(visit.session, visit.act, identifier))


@router.post("/assessments/{identifier}/targets")
def enter_targets(identifier: UUID, posted: Posted, visit: Member) -> Response:
    """Enter them all; what was typed wrongly is shown again with what is wrong beside it."""
    typed = {name: text for name, text in posted.items() if name.startswith(_VALUE) or name in _WHOLE}
    parts = [name.removeprefix(_VALUE) for name, text in typed.items() if name.startswith(_VALUE) and text.strip()]
    try:
        targets = [{"part": part, "value": _number(posted[_VALUE + part])} for part in parts]
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
        place = rest.partition("/")[0]
        name = _VALUE + parts[int(place)] if first == "targets" and place.isdecimal() else first
        words = wording.say(mistake.room, f"field.{mistake.key}", language, **mistake.details)
        found[name] = (*found.get(name, ()), words)
    return found or {"": (fault.sentence(language),)}


def _page(visit: Visit, one: Assessment, status: int = 200, form: Form | None = None) -> Response:
    sheet = service.sheet_of(visit.session, one)
    earlier = service.earlier_targets(visit.session, one)
    shown = form or _stored(sheet)
    aims = {} if sheet is None else sheet.aims
    rows = _rows(visit, one, shown, aims, {} if earlier is None else earlier.aims)
    known = {*_WHOLE, "", *(row.field for row in rows)}
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
    return Form({**whole, **{_VALUE + part: value for part, value in sheet.aims.items()}})


def _rows(visit: Visit, one: Assessment, form: Form, aims: Mapping[str, str], before: Mapping[str, str]) -> list[Row]:
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
                before=before.get(part.id, ""),
                stored=stored if _number(typed) != stored else "",
                mistakes=form.errors.get(field, ()),
            )
        )
    return found
