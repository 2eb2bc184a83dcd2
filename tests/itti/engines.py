"""What SQLAlchemy works out about a statement, worked out once for all databases of a run."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.util import LRUCache

STATEMENTS: Final = 5_000
"""More than the statements of the application, in all their forms."""

_known: Final[dict[str, tuple[sa.Dialect, LRUCache[Any, Any]]]] = {}


def know(engine: sa.Engine) -> None:
    """Let later engines of its kind share the dialect of this one, which learns here what its database can do."""
    with engine.connect():
        _known[engine.dialect.name] = engine.dialect, LRUCache(STATEMENTS)
    engine.dispose()


def _wait_for_no_disk(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


def sharing(make_engine: Callable[..., sa.Engine]) -> Callable[..., sa.Engine]:
    """``make_engine``, but the engines of a kind share one dialect, and the statements compiled for it.

    An engine compiles each statement when it first comes by, and a test has an engine of its own: much of its time
    went into compiling again what the test before had compiled. Nothing of a database is in what they share.
    """
    know(sa.create_engine("sqlite://"))

    def make(*given: Any, **named: Any) -> sa.Engine:
        engine = make_engine(*given, **named)
        if engine.dialect.name == "sqlite" and not named.get("durable", True):
            sa.event.listen(engine, "connect", _wait_for_no_disk)
        known = _known.get(engine.dialect.name)
        if known is not None:
            dialect, engine._compiled_cache = known
            engine.dialect = engine.pool._dialect = dialect
        return engine

    return make
