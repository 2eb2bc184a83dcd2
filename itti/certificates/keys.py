"""Where the sealing key and the time stamps come from, as a value that can be handed to another process."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from itti.certificates.errors import SealKeyStruck, SealKeyUnknown, TrustRootUnusable
from itti.settings import NamedKey, Settings
from reports.seal import Sealer, StampAuthority, TokenKey, demonstration_sealer, load_pkcs12, load_token
from reports.sealers import common_name
from reports.struck import fingerprint


@dataclass(frozen=True)
class KeySource:
    """A PKCS#12 file, a key on a token, or a folder with a demonstration authority (made at first use)."""

    path: Path
    """The PKCS#12 file, the token's PKCS#11 module, or the folder."""

    is_file: bool = False
    passphrase: str = field(default="", repr=False)
    token: TokenKey | None = None
    chain: Path | None = None
    """Certificates that are not on the token (PEM)."""

    stamps: StampAuthority | None = None
    """Who stamps the time on seals that are no demonstration."""

    name: str = ""
    """What the settings call it, where they name several."""

    struck: tuple[tuple[str, datetime], ...] = ()
    """Fingerprints of keys that are struck, and since when."""

    @classmethod
    def of(cls, settings: Settings) -> "KeySource":
        """The key that seals, by the settings.

        Raises:
            SealKeyUnknown: the settings name a key that is none of theirs.
            TrustRootUnusable: a root for time stamps cannot be read.
        """
        known = cls.known(settings)
        if settings.seal_active in known:
            return known[settings.seal_active]
        if settings.seal_active or known:
            raise SealKeyUnknown(name=settings.seal_active, known=", ".join(known))
        return cls((settings.data_folder / "keys").absolute(), struck=tuple(settings.seal_struck.items()))

    @classmethod
    def known(cls, settings: Settings) -> "dict[str, KeySource]":
        """All keys that the settings name, the one without a name of its own (``""``) first; no demonstration.

        Raises:
            TrustRootUnusable: a root for time stamps cannot be read.
        """
        keys = dict(settings.seal_keys)
        if settings.seal_token is not None:
            unnamed = NamedKey(
                token=settings.seal_token,
                label=settings.seal_token_label,
                key=settings.seal_token_key,
                pin=settings.seal_token_pin,
                chain=settings.seal_token_chain,
            )
            keys = {"": unnamed, **keys}
        elif settings.seal_key is not None:
            keys = {"": NamedKey(file=settings.seal_key, passphrase=settings.seal_passphrase), **keys}
        stamps = _stamps(settings)
        struck = tuple(settings.seal_struck.items())
        return {name: replace(cls._named(name, key, stamps), struck=struck) for name, key in keys.items()}

    @classmethod
    def _named(cls, name: str, key: NamedKey, stamps: StampAuthority | None) -> "KeySource":
        if key.token is not None:
            token = TokenKey(key.token.absolute(), key.label, key.key, key.pin.get_secret_value())
            chain = key.chain and key.chain.absolute()
            return cls(token.module, token=token, chain=chain, stamps=stamps, name=name)
        assert key.file is not None  # noqa: S101 - the settings see to it
        return cls(key.file.absolute(), True, key.passphrase.get_secret_value(), stamps=stamps, name=name)

    @property
    def is_set(self) -> bool:
        """Whether the settings name a key; without one, a demonstration authority seals."""
        return self.is_file or self.token is not None

    def sealer(self) -> Sealer:
        """The key itself, loaded once per process.

        Raises:
            SealKeyUnusable, SealTokenUnusable, SealTokenUnavailable: it cannot be used.
        """
        return _sealer(self)

    def struck_since(self) -> datetime | None:
        """From when on the key is struck; None: it is not.

        Raises:
            SealKeyUnusable, SealTokenUnusable, SealTokenUnavailable: it cannot be used.
        """
        return dict(self.struck).get(fingerprint(self.sealer().certificate)) if self.struck else None

    def check_struck(self, at: datetime) -> None:
        """Raise SealKeyStruck, if at that time the key is struck."""
        since = self.struck_since()
        if since is not None and at >= since:
            raise SealKeyStruck(key=common_name(self.sealer().certificate), since=since.isoformat())


@cache
def _sealer(source: KeySource) -> Sealer:
    if source.token is not None:
        own = load_token(source.token, source.chain)
    elif source.is_file:
        own = load_pkcs12(source.path, source.passphrase or None)
    else:
        return demonstration_sealer(source.path)
    if source.stamps is None:
        return own
    roots = (*source.stamps.roots, own.root.public_bytes(Encoding.DER))
    return replace(own, stamps=replace(source.stamps, roots=roots))


def _stamps(settings: Settings) -> StampAuthority | None:
    if not settings.stamp_url:
        return None
    return StampAuthority(
        address=settings.stamp_url,
        user=settings.stamp_user,
        password=settings.stamp_password.get_secret_value(),
        policy=settings.stamp_policy,
        seconds=settings.stamp_seconds,
        drift=settings.stamp_drift_seconds,
        roots=tuple(each.public_bytes(Encoding.DER) for each in certificates_in(settings.stamp_roots)),
    )


def certificates_in(paths: Iterable[Path]) -> Iterator[x509.Certificate]:
    """The certificates in PEM files.

    Raises:
        TrustRootUnusable: one cannot be read.
    """
    for path in paths:
        try:
            yield from x509.load_pem_x509_certificates(path.read_bytes())
        except (OSError, ValueError) as error:
            raise TrustRootUnusable(path=path) from error
