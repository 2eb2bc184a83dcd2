"""What reading a workbook would change, told before anything changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from questionnaires.workbook.filled import Answer

Kind = Literal["added", "changed", "removed"]


@dataclass(frozen=True)
class Change:
    """One answer that would be another one."""

    question: str
    kind: Kind
    before: Answer | None
    after: Answer | None
    fields: tuple[str, ...]
    """What differs: ``level``, ``reason``, ``evidence`` and so on."""


def changes(current: Mapping[str, object], filled: Mapping[str, object]) -> list[Change]:
    """The differences from ``current`` to ``filled``, both in sheet form, in the order of the questions there.

    An answer that stands in ``current`` and not in the workbook counts as removed: a deleted row means "not
    answered", and must not pass unseen.
    """
    found: list[Change] = []
    for question in dict.fromkeys([*current, *filled]):
        before, after = _normal(current.get(question)), _normal(filled.get(question))
        fields = tuple(key for key in dict.fromkeys([*before, *after]) if before.get(key) != after.get(key))
        if fields:
            kind: Kind = "added" if not before else "changed" if after else "removed"
            found.append(Change(question, kind, before or None, after or None, fields))
    return found


def _normal(answer: object) -> dict[str, object]:
    """One form for what means the same: no shorthand, no empty parts."""
    if answer is None:
        return {}
    if not isinstance(answer, Mapping):
        return {"level": answer}
    said = {key: _plain(key, value) for key, value in answer.items()}
    return {
        key: value
        for key, value in said.items()
        if value is not None and value != "" and (value is not False or key == "yes")
    }


def _plain(key: str, value: object) -> object:
    if key in {"number", "date"}:
        return str(value)
    if key == "evidence" and isinstance(value, (list, tuple)):
        proofs = [one if isinstance(one, Mapping) else {"sha256": one} for one in value]
        return [(str(one.get("file_name", "")), str(one.get("sha256", ""))) for one in proofs] or None
    if key == "choices" and isinstance(value, (list, tuple)):
        return sorted(str(one) for one in value)
    if key == "reason":
        return str(value).strip()
    return value
