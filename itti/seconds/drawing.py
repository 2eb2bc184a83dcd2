"""The draw: which assessments are assessed a second time, by a seed and not by anybody's will.

The number drawn follows from the seed of the programme and the id of the assessment alone. So whoever knows the seed
can draw again and see that nothing was left out or added; who does not know it cannot foresee a draw.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final
from uuid import UUID

from sqlmodel import Session, select

from itti.acts import Act
from itti.assessments.tables import Assessment
from itti.audit.service import record
from itti.programme import rules
from itti.seconds.tables import Choice, Chosen

OUT_OF: Final = 1_000_000
"""How many numbers there are to be drawn."""

OTHERS: Final = "*"
"""In the shares: every family that is not named."""


def drawn(seed: str, family: str, assessment: UUID) -> int:
    """The number of an assessment, 0 to 999,999: the first 64 bits of HMAC-SHA-256, scaled."""
    mac = hmac.new(seed.encode(), f"{family}:{assessment}".encode(), hashlib.sha256).digest()
    return int.from_bytes(mac[:8], "big") * OUT_OF >> 64


def draw(session: Session, act: Act, one: Assessment) -> Chosen | None:
    """Draw for an assessment that is submitted for the first time; None: it was not chosen, or not asked."""
    programme = rules(session)
    share = programme.second_shares.get(one.family, programme.second_shares.get(OTHERS, 0))
    if not share or one.second_of is not None or one.revision_of is not None or one.submitted_at is not None:
        return None
    if session.exec(select(Chosen.id).where(Chosen.assessment_id == one.id)).first() is not None:
        return None
    seed = programme.second_seed.get_secret_value()
    number = drawn(seed, one.family, one.id)
    if number >= share * OUT_OF // 100:
        return None
    made = Chosen(assessment_id=one.id, choice=Choice.DRAW, share=share, drawn=number, chosen_at=act.at)
    session.add(made)
    session.flush()
    record(
        session,
        act,
        "second.drawn",
        "chosen_assessment",
        made.id,
        assessment=str(one.id),
        share=share,
        drawn=number,
        seed_sha256=hashlib.sha256(seed.encode()).hexdigest(),
    )
    return made
