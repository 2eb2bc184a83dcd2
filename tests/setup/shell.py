"""Runs pieces of ./run in a folder that stands in for a checkout, with programs that stand in for the machine's."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from shutil import copy, copytree, which

CHECKOUT = Path(__file__).parents[2]
PARTS = sorted((CHECKOUT / "tools").glob("*.sh"))

# All that a stand-in for a machine has of this one: where a Python that was unpacked without root finds its libraries.
KEPT = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}


@dataclass(frozen=True)
class Outcome:
    """What a shell command left behind."""

    code: int
    output: str
    messages: str


@dataclass(frozen=True)
class Machine:
    """A checkout in an awkward place, and a folder of programs that come before the system's."""

    here: Path
    programs: Path

    @classmethod
    def made(cls, folder: Path) -> "Machine":
        """A new one; the checkout's name has a space, an apostrophe and Arabic letters, as a desk's may."""
        here = folder / "it's my مصنع tool"
        copytree(CHECKOUT / "tools", here / "tools", ignore=lambda _, names: [n for n in names if n == "__pycache__"])
        copytree(CHECKOUT / "tests" / "judges", here / "tests" / "judges")
        for name in ("run", "requirements.lock", "requirements-test.lock", "bootstrap.lock"):
            copy(CHECKOUT / name, here / name)
        programs = folder / "programs"
        programs.mkdir()
        return cls(here, programs)

    def stand_in(self, program: str, script: str) -> None:
        """Put a shell script in the place of a program."""
        path = self.programs / program
        path.unlink(missing_ok=True)  # never through a link to the machine's own program
        path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        path.chmod(0o755)

    def without(self, *programs: str) -> None:
        """Let `command -v` find none of these: the path holds links to everything else that ./run uses."""
        used = "sh cat cksum sha256sum sed grep tail find mktemp mkdir rm mv sort id uname basename dirname chmod sleep"
        for name in used.split():
            place = which(name)
            assert place is not None, f"./run uses {name}, which this machine lacks"
            if name not in programs and not (self.programs / name).exists():
                (self.programs / name).symlink_to(place)

    def sh(self, script: str, *, only_stand_ins: bool = False) -> Outcome:
        """Run a script after the parts of ./run were read, as ./run reads them."""
        read = "\n".join(f'. "$here/tools/{part.name}"' for part in sorted(PARTS, key=_order))
        path = str(self.programs) if only_stand_ins else f"{self.programs}:/usr/local/bin:/usr/bin:/bin"
        run = subprocess.run(
            ["/bin/sh", "-euc", f"{read}\n{script}"],
            check=False,
            capture_output=True,
            text=True,
            env={**KEPT, "here": str(self.here), "programs": str(self.programs), "PATH": path},
            stdin=subprocess.DEVNULL,
        )
        return Outcome(run.returncode, run.stdout, run.stderr)


def _order(part: Path) -> int:
    """messages.sh and packages.sh first, as in ./run: the others use their names."""
    return ["messages", "packages", "system", "python", "judges", "locks"].index(part.stem)
