"""The office that issues and verifies: its name, its key, the roots it trusts, its presses and its shelf of papers.

One for an application; made from the settings, and cheap until it is used.
"""

import os
from functools import cache, cached_property
from typing import Annotated, Final

from cryptography.hazmat.primitives import serialization
from fastapi import Depends, Request

from itti.audit.keys import known_keys, signer_of
from itti.certificates.keys import KeySource, certificates_in
from itti.certificates.press import Press
from itti.files.shelf import Shelf
from itti.settings import Settings
from reports.credential import Place
from reports.notes import Signer
from reports.report import Party, Standing
from reports.theme import STANDARD, Theme, read_theme

PAPER_SECONDS: Final = 300.0
"""Time limit for one paper: long, since nobody waits in a request for it and the machine may be busy."""

PAPER_PROCESSOR: Final = 60
"""Most seconds of processor time for one paper; it takes about two."""

SEALING_SECONDS: Final = 60.0
"""Time limit for one seal; it takes less than a second, and longer only while others on the network are awaited."""

RECKONING_SECONDS: Final = 120.0
RECKONING_PROCESSOR: Final = 20
"""Limits for finding what would lift an index, by the clock and in processor time; it mostly takes less than five."""

EXAMINATION_SECONDS: Final = 20.0


class Office:
    """See the module."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.shelf = Shelf(settings.data_folder / "certificates", ".pdf")
        self.key = KeySource.of(settings)

    @property
    def press(self) -> Press:
        """Sets papers; its processes have neither the sealing key nor a network."""
        return _press()

    @property
    def sealing(self) -> Press:
        """Seals papers; its processes hold the key, and open nothing but what the press has set."""
        return _sealing()

    @property
    def reckoner(self) -> Press:
        """Looks for levers; its process sees neither the key nor a network, and gives up after some seconds."""
        return _reckoner()

    @property
    def examiner(self) -> Press:
        """Opens what strangers hand in; its process sees neither the key nor a network."""
        return _examiner()

    @cached_property
    def theme(self) -> Theme:
        """The look of its papers.

        Raises:
            Fault: the file of the settings cannot be used, as :func:`reports.theme.read_theme` says.
        """
        return STANDARD if self.settings.theme is None else read_theme(self.settings.theme)

    @property
    def name(self) -> Party:
        """The programme as printed: as its theme says, else as the settings do."""
        if self.theme.programme is not None:
            return Party(**self.theme.programme.model_dump())
        return Party(name=self.settings.programme_name, name_ar=self.settings.programme_name_ar)

    @property
    def standing(self) -> Standing:
        """What its papers may claim.

        Raises:
            SealKeyUnusable: the key cannot be read.
        """
        return Standing.DEMONSTRATION if self.key.sealer().is_demonstration else Standing.CERTIFICATE

    @cached_property
    def trust_roots(self) -> tuple[bytes, ...]:
        """The root certificates that verification trusts, in DER: those of all known keys, and those of the settings.

        Raises:
            SealKeyUnusable: a key cannot be read.
            TrustRootUnusable: a file of the settings holds no certificates.
        """
        sources = dict.fromkeys([self.key, *KeySource.known(self.settings).values()])
        found = [source.sealer().root for source in sources] + list(certificates_in(self.settings.trust_roots))
        return tuple(each.public_bytes(serialization.Encoding.DER) for each in found)

    @cached_property
    def stamp_roots(self) -> tuple[bytes, ...]:
        """The root certificates that verification trusts for time stamps alone, in DER.

        Raises:
            TrustRootUnusable: a file of the settings holds no certificates.
        """
        found = certificates_in(self.settings.stamp_roots)
        return tuple(each.public_bytes(serialization.Encoding.DER) for each in found)

    @cached_property
    def record_signer(self) -> Signer:
        """The key that signs the heads of the record; made at first use.

        Raises:
            RecordKeyUnusable: it cannot be read or made.
        """
        return signer_of(self.settings)

    @cached_property
    def record_keys(self) -> tuple[str, ...]:
        """The public keys of records that verification trusts, as text.

        Raises:
            RecordKeyUnusable: one is none.
        """
        return tuple(str(each) for each in known_keys(self.settings))

    @property
    def place(self) -> Place:
        """Where the register and the public keys are found, as credentials name it."""
        return Place.at(self.settings.base_url, self.settings.zone)

    def verify_url(self, number: str) -> str:
        """The public address that the QR code of a certificate leads to."""
        return f"{self.settings.base_url.rstrip('/')}/verify/{number}"


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _press() -> Press:
    # One for all applications of this process: starting a process costs more than a paper.
    return Press(workers=cores(), seconds=PAPER_SECONDS, processor=PAPER_PROCESSOR, waiting=50)


@cache
def _sealing() -> Press:
    return Press(workers=min(2, cores()), seconds=SEALING_SECONDS, waiting=50, network=True)


@cache
def _reckoner() -> Press:
    return Press(workers=1, seconds=RECKONING_SECONDS, processor=RECKONING_PROCESSOR, waiting=50)


@cache
def _examiner() -> Press:
    return Press(workers=1, seconds=EXAMINATION_SECONDS, waiting=8)


def office_of(request: Request) -> Office:
    """The office of the application that serves ``request``."""
    state = request.app.state
    if not hasattr(state, "office"):
        state.office = Office(state.settings)
    found: Office = state.office
    return found


OfficeOf = Annotated[Office, Depends(office_of)]
