"""Choosing reasons so that they vary: each observation is used as rarely as the bank allows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Literal, TypeVar

from itti.demonstration.data import Site, reasons

EntryT = TypeVar("EntryT")


class Pen:
    """Writes the reasons of all assessments of one loading, in a fixed order."""

    def __init__(self) -> None:
        self._used: Counter[str] = Counter()
        self._own: Counter[str] = Counter()

    def observation(self, site: Site, question: str, level: int | Literal["na"]) -> str:
        """What an assessor writes: of all that fit the level, what was used least, and the first of those."""
        bank = reasons(site.language)
        if level == "na":
            return bank.not_applicable[question]
        fitting = _fitting(bank.observations[question], level)
        chosen = min(fitting, key=lambda text: self._used[text])
        self._used[chosen] += 1
        return put_words(chosen, site)

    def own(self, site: Site, question: str, level: int | Literal["na"]) -> str:
        """What a factory says of itself; nothing for every third answer, since it need not."""
        bank = reasons(site.language)
        if level == "na":
            return bank.not_applicable[question]
        self._own[question] += 1
        silent = (self._own[question] + len(question)) % 3 == 0
        return "" if silent else _fitting(bank.own[question], level)


def put_words(text: str, site: Site) -> str:
    """``text`` with the factory's words in it, beginning with a capital letter."""
    told = text.format_map(site.words)
    return told[:1].upper() + told[1:]


def _fitting(bank: Mapping[str, EntryT], level: int) -> EntryT:
    """The entry with the narrowest range of levels around ``level``."""

    def ends(key: str) -> tuple[int, int]:
        lowest, _, highest = key.partition("-")
        return int(lowest), int(highest or lowest)

    around = [key for key in bank if ends(key)[0] <= level <= ends(key)[1]]
    return bank[min(around, key=lambda key: ends(key)[1] - ends(key)[0])]
