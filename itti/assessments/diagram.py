"""The table of moves for people: the diagram and the table in ``docs/states.md``, made from the code they describe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from itti.assessments.errors import ROOM
from itti.assessments.moves import RULES, Rule
from itti.assessments.tables import AssessmentState
from questionnaires import wording

_LANGUAGE: Final = "en"


def page() -> str:
    """The whole page, in Markdown with a Mermaid diagram."""
    return "\n".join([
        _words("diagram.title"),
        "",
        _words("diagram.lead"),
        "",
        "```mermaid",
        *_diagram(),
        "```",
        "",
        _words("diagram.states"),
        "",
        *(f"- **{_words(f'state.{state.value}')}** (`{state.value}`): {_words(f'state.{state.value}.about')}"
          for state in AssessmentState),
        "",
        _words("diagram.moves"),
        "",
        _words("diagram.head"),
        "| --- | --- | --- | --- | --- |",
        *(_line(rule) for rule in RULES),
        "",
    ])  # fmt: skip


def _diagram() -> Iterator[str]:
    yield "stateDiagram-v2"
    for state in AssessmentState:
        yield f"    {state.value}: {_words(f'state.{state.value}')}"
    yield f"    [*] --> {AssessmentState.PLANNED.value}"
    for rule in RULES:
        for source in AssessmentState:
            if source in rule.sources:
                yield f"    {source.value} --> {rule.leads_to(source).value}: {rule.move.value}"


def _line(rule: Rule) -> str:
    sources = ", ".join(f"`{state.value}`" for state in AssessmentState if state in rule.sources)
    target = f"`{rule.target.value}`" if rule.target else _words("diagram.stays")
    by = _words("diagram.or").join(_words(f"relation.{relation.value}") for relation in sorted(rule.by))
    conditions = "; ".join(_words(f"condition.{condition.value}") for condition in rule.conditions) or "–"
    return f"| {_words(f'move.{rule.move.value}')} (`{rule.move.value}`) | {sources} | {target} | {by} | {conditions} |"


def _words(key: str) -> str:
    return wording.say(ROOM, key, _LANGUAGE)
