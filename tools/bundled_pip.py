# ruff: noqa: INP001  (scripts of ./run, not a package)
"""Run the pip that comes with Python as a wheel, without installing it: `python bundled_pip.py LOCAL_ROOT ARGUMENTS`.

Installing pip into a new environment takes longer than everything it is needed for. LOCAL_ROOT is where packages
were unpacked without root; Debian keeps the wheel apart from Python, so it may lie there. Without ARGUMENTS: exit
code 0 if this Python is new enough, can make virtual environments and has such a wheel.
"""

import os
import sys
import sysconfig
import venv  # noqa: F401  (the question is whether it is there)
from importlib.util import find_spec
from pathlib import Path


def pip_wheel(local_root: Path) -> Path:
    """The wheel; exits with a sentence if there is none."""
    places = [local_root / "usr/share/python-wheels"]
    ensurepip = find_spec("ensurepip")  # Debian has it in a package of its own
    if ensurepip is not None and ensurepip.origin:
        places.insert(0, Path(ensurepip.origin).parent / "_bundled")
        places.insert(0, Path(sysconfig.get_config_var("WHEEL_PKG_DIR") or places[0]))
    for place in places:
        for wheel in sorted(place.glob("pip-*.whl")):
            return wheel
    sys.exit(f"{sys.executable} brings no pip: install python3-venv, or choose another Python with ITTI_PYTHON")


def main() -> None:
    """Run pip's command line with the remaining arguments."""
    if sys.version_info < (3, 11):  # noqa: UP036  (that is what it is asked)
        sys.exit("Python 3.11 or newer is needed")
    local_root, *sys.argv[1:] = sys.argv[1:]
    sys.path.insert(0, str(pip_wheel(Path(local_root))))
    if not sys.argv[1:]:
        return
    # Debian's pip reads the system's certificates while it is imported, and dies where there are none, even if
    # it was told of others.
    from pip._vendor import certifi  # noqa: PLC0415

    if not Path(certifi.where()).exists() and "PIP_CERT" in os.environ:
        certifi.where = lambda: os.environ["PIP_CERT"]
    from pip._internal.cli.main import main as pip_main  # noqa: PLC0415

    sys.exit(pip_main())


if __name__ == "__main__":
    main()
