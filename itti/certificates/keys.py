"""Where the sealing key comes from, as a value that can be handed to another process."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from itti.settings import Settings
from reports.seal import Sealer, TokenKey, demonstration_sealer, load_pkcs12, load_token


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

    @classmethod
    def of(cls, settings: Settings) -> "KeySource":
        """The key that the settings name."""
        if settings.seal_token is not None:
            key = TokenKey(
                settings.seal_token.absolute(),
                settings.seal_token_label,
                settings.seal_token_key,
                settings.seal_token_pin.get_secret_value(),
            )
            return cls(key.module, token=key, chain=settings.seal_token_chain and settings.seal_token_chain.absolute())
        if settings.seal_key is not None:
            return cls(settings.seal_key.absolute(), True, settings.seal_passphrase.get_secret_value())
        return cls((settings.data_folder / "keys").absolute())

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


@cache
def _sealer(source: KeySource) -> Sealer:
    if source.token is not None:
        return load_token(source.token, source.chain)
    if source.is_file:
        return load_pkcs12(source.path, source.passphrase or None)
    return demonstration_sealer(source.path)
