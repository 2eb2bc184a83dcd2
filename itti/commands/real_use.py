"""What real use refuses: everything that is only good for a demonstration, and a sealing key that does not hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from itti.certificates.keys import KeySource, certificates_in
from itti.settings import Settings
from questionnaires import wording
from questionnaires.errors import Fault
from reports.authority import is_demonstration

Reason = tuple[str, str, dict[str, object]]
"""What is not fit for real use and its remedy, both as ids of sentences under ``refusal``, and what they name."""


class DemonstrationInUse(Fault):
    """Real use was asked for with something that is only good for a demonstration."""

    code = "demonstration-in-use"
    room = "itti.commands"

    def __init__(self, reasons: list[Reason]) -> None:
        super().__init__()
        self.reasons = reasons

    def sentence(self, spoken: str = "en") -> str:
        """All reasons, each with its remedy."""
        lines = [
            wording.say(
                self.room,
                "fault.demonstration-in-use",
                spoken,
                what=wording.say(self.room, f"refusal.{what}", spoken, **details),
                remedy=wording.say(self.room, f"refusal.{remedy}", spoken),
            )
            for what, remedy, details in self.reasons
        ]
        return "\n".join(lines)


def against_sealing(chosen: Settings) -> Iterator[Reason]:
    """Why nothing shall be sealed in earnest with the keys and stamps of the settings; makes no key.

    Raises:
        SealKeyUnknown, SealKeyUnusable, SealTokenUnusable, SealTokenUnavailable: a key cannot be used.
        SealCertificateNotValid: the sealing certificate has ended or not yet begun.
        TrustRootUnusable: a root for time stamps cannot be read.
    """
    source = KeySource.of(chosen)
    if not source.is_set:
        yield "key-missing", "key-remedy", {}
    elif source.sealer().is_demonstration:
        yield "key", "key-remedy", {}
    else:
        source.sealer().check(datetime.now(UTC))
        source.check_struck(datetime.now(UTC))
        for other in KeySource.known(chosen).values():
            other.sealer()  # a key that cannot be used is named now, and not on the day when it shall seal
    if any(map(is_demonstration, certificates_in(chosen.stamp_roots))):
        yield "stamp", "stamp-remedy", {}
