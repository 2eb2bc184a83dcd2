"""``itti api``: the description of the HTTP API, what changed in it since it was released, and a new release."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from itti.commands.words import language, words
from questionnaires.versions import Step, following

if TYPE_CHECKING:
    from itti.contract.findings import Finding


def declare(commands: Any) -> None:
    """Add the command's words."""
    parser = commands.add_parser("api", help=words("api.help"), description=words("api.about"))
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=words("metavar-command"))
    verbs.add_parser("description", help=words("api.description")).set_defaults(run=run_description)
    changes = verbs.add_parser("changes", help=words("api.changes"), description=words("api.changes-about"))
    changes.add_argument("--json", action="store_true", help=words("api.json"))
    changes.set_defaults(run=run_changes)
    releaser = verbs.add_parser("release", help=words("api.release"), description=words("api.release-about"))
    releaser.set_defaults(run=run_release)
    for verb in (changes, releaser):
        verb.add_argument("--released", type=Path, default=None, metavar="FILE", help=words("api.released"))


def described() -> dict[str, Any]:
    """The description of the API as it is now, in plain JSON values."""
    from itti.app import create_app  # the whole application: only loaded where it is asked

    plain: dict[str, Any] = json.loads(json.dumps(create_app().openapi()))
    return plain


def run_description(_options: argparse.Namespace) -> int:
    """Print the description."""
    from itti.contract.release import written

    print(written(described()), end="")
    return 0


def run_changes(options: argparse.Namespace) -> int:
    """Say what changed since the release; 1 where tools that exist would break."""
    from itti.contract.compare import demanded, differences
    from itti.contract.release import RELEASED, read

    before = read(options.released or RELEASED)
    found = differences(before, described())
    step, released = demanded(found), before["info"]["version"]
    if options.json:
        listed = [{"code": each.code, "place": each.place, "step": each.step.value} for each in found]
        told = {"released": released, "demanded": following(released, step), "changes": listed}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(released, step, found)))
    return int(step is Step.MAJOR)


def _lines(released: str, step: Step, found: Sequence[Finding]) -> Iterator[str]:
    if not found:
        yield words("api.same", version=released)
        return
    yield words("api.demanded", count=len(found), released=released, version=following(released, step))
    for each in found:
        yield f"{words(f'diff.step-{each.step.value}')}: {each.place}"
        yield f"    {each.sentence(language())}"


def run_release(options: argparse.Namespace) -> int:
    """Write the description as the released one."""
    from itti.contract.release import RELEASED, release

    document, path = described(), options.released or RELEASED
    found = release(document, path)
    print(words("api.done", count=len(found), version=document["info"]["version"], path=path))
    return 0
