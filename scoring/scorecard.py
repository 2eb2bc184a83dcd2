"""The scorecard: every value with the reasons for it, as frozen data.

Values appear twice: ``exact`` is the rational as ``"n"`` or ``"n/d"``, what parents are computed from;
``value`` is the decimal string after the one declared rounding, what people read. Nothing here is a float.
The JSON form is canonical (RFC 8785), so the same scorecard gives the same bytes everywhere.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from questionnaires.lookup import by_id
from questionnaires.model import CohortFigure, Table
from scoring.canonical import canonical
from scoring.figures import CohortFigures, TakenFigure

FORMAT: Final = "itti-scorecard/1"

Stated = Annotated[str, WithJsonSchema({"type": "string", "pattern": r"^-?\d+(\.\d+)?$"})]
"""A number after the declared rounding, as a decimal."""

ExactOrCut = Annotated[str, WithJsonSchema({"type": "string", "pattern": r"^(-?\d+(/[1-9]\d*|\.\d+…?)?|…)$"})]
"""A number before rounding: a whole number, a decimal or ``"n/d"``, or an irrational number's digits cut off by "…"."""


class State(StrEnum):
    """What can be said of a node or a question."""

    SCORED = "scored"
    """It has a value."""

    OPEN = "open"
    """Answers are missing and the definition withholds the value until they are given."""

    NOT_APPLICABLE = "not_applicable"
    """Nothing below it applies to this factory; it leaves its parent's denominator."""

    INSUFFICIENT = "insufficient"
    """Less than the declared least share counts, so no value may be stated."""

    PROFILE = "profile"
    """A node that states no value of its own but what stands below it, and all of that is there."""


STATED: Final = (State.SCORED, State.PROFILE)
"""The states of what states all that it can state."""


class Why(StrEnum):
    """What lies behind a state, where the state alone does not say it."""

    NONE = ""
    CONDITION = "condition"
    """The definition's condition for it does not hold (or cannot be decided yet)."""

    INPUTS = "inputs"
    """What its formula needs does not apply."""

    UNDEFINED = "undefined"
    """The answers give no number: a division by zero, a table without a row."""

    RULE_OPEN = "rule-open"
    """A rule depends on answers that are missing."""

    AMOUNT_OPEN = "amount-open"
    """A weight or limit of the node follows from answers that are missing."""

    AMOUNT = "amount"
    """A weight or limit that follows from answers has no fitting number: it is negative, does not apply, or limits are
    turned round."""

    WEIGHTLESS = "weightless"
    """All that applies below it has the weight 0 here."""

    BANDS_OPEN = "bands-open"
    """It has a value, but the limits of its bands follow from answers that are missing."""

    BANDS = "bands"
    """It has a value, but the limits of its bands, which follow from answers, have no numbers or do not rise."""


class Record(BaseModel):
    """Base of all parts of a scorecard: frozen and closed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def changed(self, **changes: object) -> Self:
        """The same with some fields changed. Nothing is checked again: for parts that the engine made itself.

        ``model_copy`` does this too, at five times the cost: it copies which fields were given, for every record.
        """
        kind = type(self)
        found = kind.__new__(kind)
        _put(found, "__dict__", self.__dict__ | changes)
        _put(found, "__pydantic_fields_set__", self.__pydantic_fields_set__)
        _put(found, "__pydantic_extra__", None)
        _put(found, "__pydantic_private__", None)
        return found


_put: Final = object.__setattr__


class Share(Record):
    """What one child brought to its node."""

    of: str
    """Id of the question or node."""

    state: State
    counted: bool
    """False: left out of the denominator, for the reason that ``state`` gives."""

    weight: ExactOrCut | None
    """The weight: as declared in the definition, or what its formula came to; None while it has no number."""

    weight_used: ExactOrCut | None
    """The weight as used: its share of all counted weights (they add up to 1), or the factor of a sum; "0" when not
    counted, None where weights play no part (gates, formulas)."""

    cap: ExactOrCut | None = None
    """What exceeds this did not count; of a formula, what it came to."""

    exact: ExactOrCut | None
    """The child's value as it counted here."""

    contribution: ExactOrCut | None
    """How much of the node's value comes from this child; the contributions add up to it. For a minimum (maximum):
    the value of the deciding child, 0 of the others. None where contributions do not add up (geometric and harmonic
    means, gates, formulas)."""


class AmountUsed(Record):
    """What a formula in the place of a weight, a limit or a threshold came to."""

    of: str
    """Its place in the node: ``most``, ``children/quality/weight``, ``bands/good/from``, ``rules/no-officer/to``."""

    exact: ExactOrCut | None
    """The number; None while answers are missing, and where it has none."""


class RuleOutcome(Record):
    """One rule of a node: whether it fired and what it cost or gave."""

    id: str
    kind: str
    fired: bool | None
    """None: missing answers decide."""

    before: Stated | None
    after: Stated | None
    """Rounded value before and after it."""

    band_before: str | None
    band_after: str | None


class NodeScore(Record):
    """The value of one node and how it came about."""

    id: str
    state: State
    why: Why = Why.NONE
    rule: str
    """The aggregation applied (a word of the definition language)."""

    value: Stated | None
    """The stated value: rounded decimal, or None unless ``state`` is scored."""

    exact: ExactOrCut | None
    """The value before rounding: ``"n"`` or ``"n/d"``, or an irrational number's digits cut off by "…"."""

    unit: str | None = None
    band: str | None
    """Id of the band that ``value`` falls in, after the rules."""

    stage: str | None = None
    """Id of the last gate passed, of a cumulative node."""

    provisional: Stated | None
    """Rounded value over what is answered so far (equal to ``value`` once scored); never printed on a certificate."""

    lowest: Stated | None
    highest: Stated | None
    """Rounded bounds of the value that is still possible whatever the missing answers turn out to be."""

    answered: int
    not_applicable: int
    missing: int
    """Numbers of questions below this node, each counted once: answered with a level, not applicable, missing."""

    counted_share: ExactOrCut
    """Share of the declared weight that counts, exact."""

    shares: tuple[Share, ...]
    rules: tuple[RuleOutcome, ...] = ()
    """Every rule of the node, in the order applied."""

    amounts: Annotated[tuple[AmountUsed, ...], Field(exclude_if=operator.not_)] = ()
    """Everything of the node that is a formula in the place of a plain number; not written where there is none."""

    @property
    def is_profile(self) -> bool:
        """True where it never has a value of its own."""
        return self.rule == "profile"

    @property
    def is_stated(self) -> bool:
        """True where all is there that it can state: a value, or of a profile what stands below it."""
        return self.state in STATED

    def amount(self, place: str) -> str | None:
        """What the formula at ``place`` came to; None where there is no number, or no formula."""
        return next((amount.exact for amount in self.amounts if amount.of == place), None)


class QuestionScore(Record):
    """What one question contributed, or why it did not."""

    id: str
    kind: str = "level"
    state: State
    why: Why = Why.NONE
    level: int | None
    """The level picked, of a level question."""

    lowest: int | None
    highest: int | None
    """The ends of a level question's scale."""

    answer: str | None = None
    """The answer as one line: a level, option ids, ``yes``, a number."""

    disregarded: bool = False
    """True: there is an answer, but the question does not apply."""

    number: ExactOrCut | None = None
    """The measured or computed number, exact."""

    exact: ExactOrCut | None = None
    """What the answer is worth, exact."""

    least: ExactOrCut | None = None
    most: ExactOrCut | None = None
    """The ends of what an answer can be worth; None: no limit."""


class Scorecard(Record):
    """The result of scoring one set of answers against one version of a questionnaire."""

    format: Literal["itti-scorecard/1"] = FORMAT
    family: str
    version: str
    digest: Annotated[str, WithJsonSchema({"type": "string", "pattern": "^[0-9a-f]{64}$"})]
    """SHA-256 of the definition's canonical form, hexadecimal."""

    rounding: str
    """``<mode>/<places>``, the one rounding applied to every stated value."""

    index: str
    """Id of the headline node."""

    complete: bool
    """True when no answer is missing."""

    questions: tuple[QuestionScore, ...]
    nodes: tuple[NodeScore, ...]
    """Children before parents; the headline index is last among the nodes it rests on."""

    cohort: Annotated[CohortFigures | None, Field(exclude_if=lambda value: value is None)] = None
    """The figures of the cohort that it was scored with, so that the same score comes out again; where there are none,
    the data does not mention them."""

    def node(self, identifier: str) -> NodeScore:
        """The node with that id (KeyError if the definition has none such)."""
        return by_id(self.nodes)[identifier]

    def question(self, identifier: str) -> QuestionScore:
        """The question with that id (KeyError if the definition has none such)."""
        return by_id(self.questions)[identifier]

    @property
    def headline(self) -> NodeScore:
        """The headline index, or the profile that stands in its place."""
        return self.node(self.index)

    @property
    def profile(self) -> tuple[str, ...]:
        """Ids of the questions and nodes that the headline shows where it is a profile; profiles in it are opened."""
        return tuple(self._shown(self.headline)) if self.headline.is_profile else ()

    def to_json(self) -> bytes:
        """Canonical JSON (RFC 8785): the same bytes for the same scorecard on every machine."""
        return canonical(self.model_dump(mode="json"))

    @classmethod
    def from_json(cls, data: bytes) -> Scorecard:
        """Read what :meth:`to_json` wrote.

        Raises:
            pydantic.ValidationError: it is not a scorecard of this format.
        """
        return cls.model_validate_json(data)

    def _shown(self, profile: NodeScore) -> Iterator[str]:
        nodes = by_id(self.nodes)
        for share in profile.shares:
            node = nodes.get(share.of)
            yield from self._shown(node) if node is not None and node.is_profile else (share.of,)


def figure_for(figure: CohortFigure, card: Scorecard) -> TakenFigure | None:
    """A figure of the cohort as a scorecard was worked out with it: that of the own group, where each has one.

    None where no such figure was given, and while no answer, band or class tells the group.
    """
    given = card.cohort.figures if card.cohort is not None else ()
    found = next((each for each in given if each.id == figure.id), None)
    nodes = {node.id: node.band for node in card.nodes}
    told = [nodes[by] if by in nodes else card.question(by).answer for by in figure.by]
    return None if found is None else found.for_group(told)


def looked_up(table: Table, card: Scorecard) -> Fraction | None:
    """The number that a table gives for the answers, numbers and bands of a scorecard; None while there is none."""
    return table.number([row_of(card, by) for by in table.by])


def row_of(card: Scorecard, by: str) -> str | None:
    """What stands at a side of a table: an answer, a whole number, a band or class; None while there is none."""
    node = next((node for node in card.nodes if node.id == by), None)
    if node is not None:
        return node.band or (node.exact if node.state is State.SCORED else None)
    question = card.question(by)
    if question.state is not State.SCORED:
        return None
    return question.answer if question.number is None else question.number
