"""Requests that wait for the database at the same moment, worked off together by one of them.

Where many do the same, most of what one of them costs is the same for all: to begin, to ask for what it hangs on, to
wait for the disk. So they are gathered: the first begins at once, whoever comes meanwhile waits, and the first of these
works off all of them next. What cannot be done together is left to each of them, as if nobody had gathered anything.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, Generic, TypeVar

import anyio
from anyio.lowlevel import checkpoint
from sqlmodel import Session

from itti.http.errors import Busy
from itti.http.transactions import Turnstile

MOST: Final = 32
"""Parts of one set: more would save hardly any time, and others wait for the database meanwhile."""

_ARRIVING: Final = 2
"""How often those who are on their way already are let in before a set is closed."""

_logger = logging.getLogger("itti")

PartT = TypeVar("PartT")
OutcomeT = TypeVar("OutcomeT")


class _Waiting(Generic[PartT, OutcomeT]):
    """Somebody with a part."""

    def __init__(self, part: PartT) -> None:
        self.part = part
        self.woken = anyio.Event()
        self.leads = False
        """Whether it works off the next set."""

        self.outcome: OutcomeT | Busy | None = None


class Gathering(Generic[PartT, OutcomeT]):
    """Where parts of one kind are brought together."""

    def __init__(
        self,
        gate: Turnstile,
        work: Callable[[Session, Sequence[PartT]], Sequence[OutcomeT | None]],
        fits: Callable[[Sequence[PartT], PartT], bool],
        at_once: int = 1,
    ) -> None:
        """Begin with nobody waiting.

        Args:
            gate: the way to the database.
            work: works off a set in one transaction; tells of each part what came of it, None: nothing, it has to go
                by itself. If an error leaves it, that holds of all.
            fits: whether a part may join those that are in a set already; of two that do not fit together, the one
                that came first goes first.
            at_once: how many sets go at the same time.
        """
        self._gate, self._work, self._fits, self._at_once = gate, work, fits, at_once
        self._waiting: list[_Waiting[PartT, OutcomeT]] = []
        self._leading = 0

    @property
    def waiting(self) -> int:
        """How many parts wait for the next set."""
        return len(self._waiting)

    async def join(self, part: PartT) -> OutcomeT | None:
        """What came of a part once its set is stored; None: nothing was done, it has to go by itself.

        Raises:
            Busy: the database does not answer in time; nothing was done.
        """
        one = _Waiting[PartT, OutcomeT](part)
        if self._leading < self._at_once:
            self._leading += 1
            one.leads = True
        else:
            self._waiting.append(one)
            await self._wait(one)
        if one.leads:
            await self._lead(one)
        if isinstance(one.outcome, Busy):
            raise one.outcome
        return one.outcome

    async def _wait(self, one: _Waiting[PartT, OutcomeT]) -> None:
        try:
            await one.woken.wait()
        except BaseException:
            # Whoever gives up does not keep the others waiting.
            if one in self._waiting:
                self._waiting.remove(one)
            if one.leads:
                self._pass_on()
            raise

    async def _lead(self, one: _Waiting[PartT, OutcomeT]) -> None:
        """Work off a set with this one in it, and let the next one lead."""
        with anyio.CancelScope(shield=True):
            for _ in range(_ARRIVING):
                await checkpoint()
            taken = self._taken(one)
            try:
                outcomes = await self._gate.write_alone(partial(self._worked_off, [each.part for each in taken]))
            except Busy as error:
                for each in taken:
                    each.outcome = error
            except Exception:
                _logger.warning("%d requests that waited go one by one", len(taken), exc_info=True)
            else:
                for each, outcome in zip(taken, outcomes, strict=True):
                    each.outcome = outcome
            finally:
                self._pass_on()
                for each in taken:
                    each.woken.set()

    def _worked_off(self, parts: Sequence[PartT], session: Session) -> Sequence[OutcomeT | None]:
        return self._work(session, parts)

    def _taken(self, one: _Waiting[PartT, OutcomeT]) -> list[_Waiting[PartT, OutcomeT]]:
        """This one and those who wait and fit, in the order in which they came; they wait no more."""
        taken, parts, left = [one], [one.part], []
        for each in self._waiting:
            if len(taken) < MOST and self._fits(parts, each.part):
                taken.append(each)
                parts.append(each.part)
            else:
                left.append(each)
        self._waiting = left
        return taken

    def _pass_on(self) -> None:
        if self._waiting:
            following = self._waiting.pop(0)
            following.leads = True
            following.woken.set()
        else:
            self._leading -= 1
