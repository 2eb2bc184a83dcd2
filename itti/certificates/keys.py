"""Where the sealing key comes from, as a value that can be handed to another process."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from itti.settings import Settings
from reports.seal import Sealer, demonstration_sealer, load_pkcs12


@dataclass(frozen=True)
class KeySource:
    """A PKCS#12 file with its passphrase, or a folder with a demonstration authority (made at first use)."""

    path: Path
    is_file: bool
    passphrase: str = field(default="", repr=False)

    @classmethod
    def of(cls, settings: Settings) -> "KeySource":
        """The key that the settings name."""
        if settings.seal_key is not None:
            return cls(settings.seal_key.absolute(), True, settings.seal_passphrase.get_secret_value())
        return cls((settings.data_folder / "keys").absolute(), False)

    def sealer(self) -> Sealer:
        """The key itself, loaded once per process.

        Raises:
            SealKeyUnusable: it cannot be read.
        """
        return _sealer(self)


@cache
def _sealer(source: KeySource) -> Sealer:
    if source.is_file:
        return load_pkcs12(source.path, source.passphrase or None)
    return demonstration_sealer(source.path)
