"""The YAML files of the demonstration as frozen models; what does not fit them fails at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from itti.assessments.tables import AssessmentState
from itti.factories.tables import Sector
from itti.independence.tables import Tie
from questionnaires.model import Definition

Language = Literal["en", "ar"]
Level = int | Literal["na"] | None
"""A level; ``na``: does not apply; None: not answered."""

FIRST: Final = "1.0.0"
"""The version of the questionnaire that most assessments were made with."""

_HERE: Final = Path(__file__).parent


class Part(BaseModel):
    """Base of all parts: frozen and closed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Person(Part):
    """Somebody with an account."""

    email: str
    name: str
    name_ar: str
    language: Language


class Official(Person):
    """Somebody of the programme office."""

    id: str


class Span(Part):
    """First and last day of an accreditation, in days from the day of loading."""

    model_config = ConfigDict(alias_generator=lambda name: {"since": "from"}.get(name, name))

    since: int
    until: int


class Suspended(Part):
    """Since which day (from the day of loading) the newest accreditation is suspended, and why."""

    since: int
    reason: str


class Assessor(Official):
    """An assessor with all accreditations there were."""

    accredited: tuple[Span, ...]
    suspended: Suspended | None = None


class Body(Part):
    """An assessment body."""

    id: str
    name: str
    name_ar: str
    registration: str
    accredited: tuple[Span, ...]
    assessors: tuple[Assessor, ...]


class People(Part):
    """Everybody but the people of the factories."""

    password: str
    """Everybody's."""

    programme: tuple[Official, ...]
    bodies: tuple[Body, ...]


class Site(Part):
    """A factory; ``words`` go into the observations."""

    id: str
    name: str
    name_ar: str
    licence: str
    sector: Sector
    region: str
    employees: int
    language: Language
    words: Mapping[str, str]
    people: tuple[Person, ...]


Levels = Mapping[str, tuple[Level, ...]]
"""Category (or dimension, where dimensions have several questions) → the levels of its questions in their order."""


@dataclass(frozen=True)
class Answered:
    """A level, or that a question does not apply (``na``)."""

    question: str
    dimension: str
    """What the observations of the bank are about: the question itself, or the dimension it belongs to."""

    level: int | Literal["na"]


class Remark(Part):
    """A reviewer's comment."""

    text: str
    question: str | None = None


class Return(Part):
    """How a reviewer sent an assessment back, and what the assessor changed (question → level)."""

    note: str
    remarks: tuple[Remark, ...]
    revised: Mapping[str, int] = {}


class Revocation(Part):
    """How a certificate was taken back; ``day`` is counted from the day of loading."""

    day: int
    reason: str


class Revision(Part):
    """How an appeal was upheld, and how far its revision has come: the factory has replied to it."""

    day: int
    note: str
    revised: Mapping[str, int]
    reviewer: str
    reply: str


class Conflict(Part):
    """Who wanted to review although their body is tied to the factory, and was refused."""

    person: str
    tie: Tie
    day: int


class HandedOver(Part):
    """With whom an assessment was planned that somebody else has taken over before the visit, and why."""

    by: str
    day: int
    note: str


class Appeal(Part):
    """How the factory appealed, and who hears it; days are counted from the day of loading."""

    day: int
    note: str
    hearer: str
    taken: int
    upheld: Revision | None = None
    """None: it is being heard."""


class Course(Part):
    """One assessment from its plan to where it has come."""

    factory: str
    version: str = FIRST
    """Version of the questionnaire."""

    visit: int
    assessor: str
    reviewer: str | None = None
    until: AssessmentState | Literal["returned", "reviewing"]
    """The state it has reached: ``returned`` is an assessment that came back, ``reviewing`` a review that was taken."""

    levels: Levels | None = None
    own: Levels | None = None
    evidence: tuple[str, ...] = ()
    returned: Return | None = None
    remarks: tuple[Remark, ...] = ()
    reply: str | None = None
    """What the factory says to what was found; None: it accepts it."""

    silent: bool = False
    """True where the factory lets its time to reply run out."""

    appeal: Appeal | None = None
    revoked: Revocation | None = None
    conflict: Conflict | None = None
    handed: HandedOver | None = None
    note: str = ""
    """Why it was withdrawn."""

    model_config = ConfigDict(alias_generator=lambda name: {"own": "self"}.get(name, name))


class Reasons(Part):
    """What is written as the reason of an answer, in one language."""

    observations: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Question → range of levels, such as ``0-1`` → observations."""

    not_applicable: Mapping[str, str]
    own: Mapping[str, Mapping[str, str]]
    """Question → range of levels → what a factory says of itself."""

    model_config = ConfigDict(alias_generator=lambda name: {"own": "self"}.get(name, name))


class Exhibit(Part):
    """An evidence file to be made."""

    question: str
    kind: Literal["csv", "png", "pdf"]
    names: Mapping[Language, str]
    columns: Mapping[Language, tuple[str, ...]] = {}


def answered(levels: Levels, definition: Definition) -> Iterator[Answered]:
    """What is answered, in the order of the questionnaire."""
    for category in definition.categories:
        groups = [category] if category in levels else definition.dimensions(category)
        for group in groups:
            below = [question.id for question in definition.questions_below(group)]
            for question, level in zip(below, levels[group], strict=True):
                if level is not None:
                    yield Answered(question, question if group == category else group, level)


@cache
def people() -> People:
    """Programme office, bodies and assessors."""
    return People.model_validate(_read("people.yaml"))


@cache
def sites() -> tuple[Site, ...]:
    """The factories."""
    return TypeAdapter(tuple[Site, ...]).validate_python(_read("factories.yaml"))


@cache
def courses() -> tuple[Course, ...]:
    """The assessments."""
    return TypeAdapter(tuple[Course, ...]).validate_python(_read("assessments.yaml"))


@cache
def exhibits() -> Mapping[str, Exhibit]:
    """The evidence files by id."""
    return TypeAdapter(dict[str, Exhibit]).validate_python(_read("evidence.yaml"))


@cache
def reasons(language: Language) -> Reasons:
    """The bank of reasons in a language."""
    return Reasons.model_validate(_read(f"reasons_{language}.yaml"))


def _read(name: str) -> Any:
    return yaml.safe_load((_HERE / name).read_text(encoding="utf-8"))
