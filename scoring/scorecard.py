"""The scorecard: every value with the reasons for it, as frozen data.

Values appear twice: ``exact`` is the rational as ``"n"`` or ``"n/d"``, what parents are computed from;
``value`` is the decimal string after the one declared rounding, what people read. Nothing here is a float.
The JSON form is canonical (RFC 8785), so the same scorecard gives the same bytes everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal

import rfc8785
from pydantic import BaseModel, ConfigDict

FORMAT: Final = "itti-scorecard/1"


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


class Record(BaseModel):
    """Base of all parts of a scorecard: frozen and closed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Share(Record):
    """What one child brought to its node."""

    of: str
    """Id of the question or node."""

    state: State
    counted: bool
    """False: left out of the denominator, for the reason that ``state`` gives."""

    weight: str
    """The weight as declared in the definition."""

    weight_used: str
    """The weight as used: its share of all counted weights (they add up to 1); "0" when not counted."""

    exact: str | None
    contribution: str | None
    """``weight_used × exact``: how much of the node's value comes from this child. For a minimum: the value of
    the deciding child, 0 of the others."""


class NodeScore(Record):
    """The value of one node and how it came about."""

    id: str
    state: State
    rule: str
    """The aggregation applied (a word of the definition language)."""

    value: str | None
    """The stated value: rounded decimal, or None unless ``state`` is scored."""

    exact: str | None
    band: str | None
    """Id of the band that ``value`` falls in."""

    provisional: str | None
    """Rounded value over what is answered so far (equal to ``value`` once scored); never printed on a certificate."""

    lowest: str | None
    highest: str | None
    """Rounded bounds of the value that is still possible whatever the missing answers turn out to be."""

    answered: int
    not_applicable: int
    missing: int
    """Numbers of questions below this node, each counted once: answered with a level, not applicable, missing."""

    counted_share: str
    """Share of the declared weight that counts, exact."""

    shares: tuple[Share, ...]


class QuestionScore(Record):
    """What one question contributed: its level, or why it has none."""

    id: str
    state: State
    level: int | None
    lowest: int
    highest: int
    """The ends of this question's scale."""


class Scorecard(Record):
    """The result of scoring one set of answers against one version of a questionnaire."""

    format: Literal["itti-scorecard/1"] = FORMAT
    family: str
    version: str
    digest: str
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

    def node(self, identifier: str) -> NodeScore:
        """The node with that id (KeyError if the definition has none such)."""
        return self._by_id()[identifier]

    def question(self, identifier: str) -> QuestionScore:
        """The question with that id (KeyError if the definition has none such)."""
        return {question.id: question for question in self.questions}[identifier]

    @property
    def headline(self) -> NodeScore:
        """The headline index."""
        return self.node(self.index)

    def to_json(self) -> bytes:
        """Canonical JSON (RFC 8785): the same bytes for the same scorecard on every machine."""
        return rfc8785.dumps(self.model_dump(mode="json"))

    @classmethod
    def from_json(cls, data: bytes) -> Scorecard:
        """Read what :meth:`to_json` wrote.

        Raises:
            pydantic.ValidationError: it is not a scorecard of this format.
        """
        return cls.model_validate_json(data)

    def _by_id(self) -> Mapping[str, NodeScore]:
        return {node.id: node for node in self.nodes}
