"""The names in the rows of a list → its items, each with what has been answered for it."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass

from questionnaires.model import Definition, Item, ItemsQuestion
from questionnaires.workbook.answering import CLOSED, Answering, Entry, Report
from questionnaires.workbook.filled import Answer
from questionnaires.workbook.listed import Slot, Slots
from questionnaires.workbook.numerals import western

_SAID: tuple[str, ...] = ("answer", "not-applicable", "reason", "evidence")


@dataclass(frozen=True)
class Naming:
    """Reads the names of one workbook.

    Args:
        found: question id → its rows, by the id of their part.
        answers: what has been answered; the lists are put in, and what belongs to no item is taken out.
        answering: reads single cells.
        report: hears of every mistake.
    """

    found: Mapping[str, Mapping[str, Entry]]
    answers: MutableMapping[str, Answer]
    answering: Answering
    report: Report

    def name(self, definition: Definition, slots: Slots) -> None:
        """Put together all lists; afterwards the answers stand in the order of the definition.

        An item without a name has no list of its own: what stands there is told with it.
        """
        nameless: list[str] = []
        for question in definition.questions:
            if isinstance(question, ItemsQuestion) and not question.id.startswith(tuple(nameless)):
                nameless += self._list(question, slots.get(question.id, ()))
        ordered = {each.id: self.answers[each.id] for each in definition.questions if each.id in self.answers}
        self.answers.clear()
        self.answers.update(ordered)

    def _list(self, question: ItemsQuestion, places: Sequence[Slot]) -> list[str]:
        """Put one list together; returns what the ids begin with of all that is asked of items without a name."""
        nameless: list[str] = []
        named: list[tuple[int, Item]] = []
        for slot in places:
            identifier = f"{question.id}/{slot.item.id}"
            entry = self.found.get(question.id, {}).get(slot.item.id)
            name = "" if entry is None else self.answering.name(identifier, entry)
            if name and entry is not None:
                named.append((entry.row, Item(id=slot.item.id, name=name)))
            elif not name:
                self._nameless(question, slot, entry, told=name is None)
                nameless.append(f"{question.id}.{slot.item.id}.")
        named.sort(key=lambda one: one[0])
        if named and self._fits(question, named):
            items = [{"id": item.id, "name": item.name} for _, item in named]
            self.answers[question.id] = {"items": items, **self._beside(question)}
        return nameless

    def _beside(self, question: ItemsQuestion) -> Answer:
        """Reason and evidence, as they stand beside the list."""
        return {key: value for key, value in self.answers.get(question.id, {}).items() if key != "items"}

    def _nameless(self, question: ItemsQuestion, slot: Slot, entry: Entry | None, *, told: bool) -> None:
        """A place without a name: nothing may be answered there. ``told``: why has been told already."""
        key = f"{question.id}.{slot.item.id}."
        rows = [one for name, parts in self.found.items() if name.startswith(key) for one in parts.values()]
        said = [one.row for one in rows if any(_is_said(one, column) for column in _SAID)]
        for name in [name for name in self.answers if name.startswith(key)]:
            del self.answers[name]
        if said and not told:
            row = min(said) if entry is None else entry.row
            self.report("item-nameless", row, "answer", f"{question.id}/{slot.item.id}", first=min(said))

    def _fits(self, question: ItemsQuestion, named: Sequence[tuple[int, Item]]) -> bool:
        """Whether there are as many as may be, each with a name of its own, and nothing says otherwise."""
        own, before = self.answers.get(question.id, {}), set[str]()
        row, last = named[-1]
        if own.get("not_applicable") or "items" in own:
            said = self.found[question.id][""]
            self.report("not-none", said.row, "answer", question.id, found=last.name)
            return False
        for place, item in named:
            if item.name in before:
                self.report("item-twice", place, "answer", f"{question.id}/{item.id}", found=item.name)
                return False
            before.add(item.name)
        if not question.least <= len(named) <= question.most:
            limits = {"least": question.least, "most": question.most, "found": len(named)}
            self.report("items-count", row, "answer", f"{question.id}/{last.id}", **limits)
            return False
        return True


def _is_said(entry: Entry, column: str) -> bool:
    cell = entry.cells.get(column)
    return cell is not None and (cell.formula or western(cell.text) not in CLOSED)
