"""Weights and limits that follow from answers, told in words with what they came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from questionnaires import wording
from questionnaires.model import Definition, Titled
from reports import numbers
from reports.parts import titles
from scoring.scorecard import NodeScore, Scorecard

_PLACES: Final = 4


@dataclass(frozen=True, slots=True)
class Told:
    """One weight or limit."""

    node: str
    """Title of the node."""

    what: str
    """Of what it is the weight or limit."""

    value: str
    """What it came to; a dash where it has no number."""


def amounts(definition: Definition, node: NodeScore, language: str) -> tuple[Told, ...]:
    """Everything of a node that is a formula in the place of a plain number, in its order."""
    words = definition.words(language)
    return tuple(
        Told(
            node=words.nodes[node.id].title,
            what=amount_of(definition, amount.of, node.id, language),
            value=numbers.reading(amount.exact, None if amount.of.startswith("children") else node.unit, _PLACES)
            or "–",
        )
        for amount in node.amounts
    )


def amount_of(definition: Definition, place: str, node: str, language: str) -> str:
    """Of what the formula at ``place`` of a node is the weight, limit or threshold."""
    words = definition.words(language)
    part, identifier, key = place.split("/") if "/" in place else ("", node, place)
    named: dict[str, Mapping[str, Titled]] = {"rules": words.rules, "bands": words.bands}
    title = named[part][identifier].title if part in named else titles(definition, words, identifier)
    return wording.say("reports", f"paper.amount.{'band' if part == 'bands' else key}", language, title=title)


def all_amounts(definition: Definition, card: Scorecard, language: str) -> tuple[Told, ...]:
    """Those of all nodes, from the headline down."""
    return tuple(told for node in reversed(card.nodes) for told in amounts(definition, node, language))
