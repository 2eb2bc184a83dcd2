"""Which of several media types a reader would rather have (RFC 9110, 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence


def preferred(accept: str, offered: Sequence[str]) -> str | None:
    """The media type of ``offered`` that a header ``Accept`` asks for most: of equals the first; None: it takes none.

    The most specific range that fits a type says how much it is wanted (``q``); an empty header takes everything. What
    cannot be read as a weight counts as 0.
    """
    ranges = [_range(part) for part in accept.split(",") if part.strip()] or [("*/*", 1.0)]
    wanted = [max((_fit(pattern, media), weight) for pattern, weight in ranges) for media in offered]
    best = max((weight for fit, weight in wanted if fit), default=0.0)
    if best <= 0:
        return None
    return next(media for media, (fit, weight) in zip(offered, wanted, strict=True) if fit and weight == best)


def _range(part: str) -> tuple[str, float]:
    pattern, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weights = [piece.removeprefix("q=") for piece in parameters if piece.startswith("q=")]
    return pattern, _weight(weights[0]) if weights else 1.0


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0


def _fit(pattern: str, media: str) -> int:
    """How closely a range fits a media type: 0 not at all, 3 exactly."""
    if pattern == media:
        return 3
    if pattern == f"{media.partition('/')[0]}/*":
        return 2
    return 1 if pattern == "*/*" else 0
