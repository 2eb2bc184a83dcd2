"""Every act that the service records is told in words, in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import itti
from itti.record.words import ACTS, act_words

RECORDERS = {"record", "record_file", "enter"}
"""What writes an act; the act's name is the third argument."""


def _names_in(path: Path) -> Iterator[str]:
    """The acts that one module records; ``*`` stands for what is only known when it runs."""
    source = path.read_text("utf-8")
    if not any(f"{name}(" in source for name in RECORDERS):
        return
    tree = ast.parse(source)
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }
    for call in ast.walk(tree):
        name = getattr(call.func, "attr", getattr(call.func, "id", "")) if isinstance(call, ast.Call) else ""
        if not isinstance(call, ast.Call) or name not in RECORDERS or len(call.args) < 3:
            continue
        match call.args[2]:
            case ast.Constant(value=str(said)):
                yield said
            case ast.Name(id=known) if known in constants:
                yield constants[known]
            case ast.JoinedStr(values=parts):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in parts)
            case ast.IfExp(body=ast.Constant(value=str(one)), orelse=ast.Constant(value=str(other))):
                yield from (one, other)


RECORDED = sorted({name for path in Path(itti.__file__).parent.rglob("*.py") for name in _names_in(path)})


def test_the_acts_are_found() -> None:
    """The search above does find acts: those of every way of naming them."""
    assert {"assessment.planned", "evidence.attached", "record.forgotten", "*.used"} <= set(RECORDED)


@pytest.mark.parametrize("name", RECORDED)
def test_every_act_has_words(name: str) -> None:
    """A reader of the record sees a sentence, not the name of an act."""
    known = [act for act in ACTS if Path(act).match(name)] if "*" in name else [name]
    assert known, f"no words for {name}: add act.{name} to itti/record/locale"
    for act in known:
        words = {act_words(act, language) for language in ("en", "ar")}
        assert len(words) == 2, act
        assert act not in words, f"no words for {act}: add act.{act} to itti/record/locale"
