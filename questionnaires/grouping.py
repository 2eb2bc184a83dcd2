"""What can tell groups of a cohort apart: questions that are answered by one pick, and nodes with classes or bands."""

from __future__ import annotations

from questionnaires.model import ChoicesQuestion, Node, Question, denied_by, keys_of


def groups_by(fact: Question | Node | None) -> tuple[str, ...]:
    """Answers, or bands (lowest value first) or classes, by which members can differ; nothing: it tells none apart.

    An answer that says that a question does not apply tells of no group.
    """
    if fact is None or isinstance(fact, ChoicesQuestion):
        return ()
    if isinstance(fact, Node):
        return tuple(each.id for each in (fact.classes or fact.bands))
    return tuple(key for key in keys_of(fact) if key not in denied_by(fact))


def asks_for(node: Node, key: str) -> str:
    """The condition that a node has this band or class, as a formula."""
    return f"{'class' if node.classes else 'band'}({node.id}) = '{key}'"
