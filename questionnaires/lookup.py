"""Things looked up: by id, as definitions and scorecards may hold thousands; and things made lately."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from threading import Lock
from typing import Any, Final, Generic, Protocol, TypeVar


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


ThingT = TypeVar("ThingT", bound=_Identified)
KeyT = TypeVar("KeyT", bound=Hashable)
MadeT = TypeVar("MadeT")

_KEPT: Final[dict[int, tuple[tuple[Any, ...], Mapping[str, Any]]]] = {}
_MOST: Final = 8


def by_id(things: tuple[ThingT, ...]) -> Mapping[str, ThingT]:
    """Things by their ids (of an id that is there twice, the first); of the last few tuples it is kept."""
    known = _KEPT.get(id(things))
    if known is None or known[0] is not things:
        while len(_KEPT) >= _MOST:
            _KEPT.pop(next(iter(_KEPT)), None)
        known = _KEPT[id(things)] = things, {each.id: each for each in reversed(things)}
    return known[1]


class Lately(Generic[KeyT, MadeT]):
    """The last things made, each by its key: so many of them, and together no larger than that (but always one).

    What is written out for the items of a list may be a hundred times as large for one assessment as for another, so
    that a number of things alone would be no limit.

    Args:
        make: makes what belongs to a key.
        size: how large that is, such as its number of questions.
        most: how many are kept.
        largest: how large they may be together.
    """

    def __init__(self, make: Callable[[KeyT], MadeT], size: Callable[[MadeT], int], most: int, largest: int) -> None:
        self._make = make
        self._size = size
        self._most = most
        self._largest = largest
        self._kept: dict[KeyT, tuple[MadeT, int]] = {}
        self._busy = Lock()

    def __call__(self, key: KeyT) -> MadeT:
        """What belongs to a key: as it was made before, or made now."""
        with self._busy:
            known = self._kept.pop(key, None)
            if known is not None:
                self._kept[key] = known  # now the latest
                return known[0]
        made = self._make(key)
        with self._busy:
            self._kept[key] = made, self._size(made)
            while len(self._kept) > 1 and self._is_too_much():
                del self._kept[next(iter(self._kept))]
        return made

    def _is_too_much(self) -> bool:
        return len(self._kept) > self._most or sum(size for _, size in self._kept.values()) > self._largest
