"""A real server that speaks S3 and checks signatures, on loopback: S3Proxy, which keeps what it is given in memory."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.request import Request, urlopen

import obstore
from obstore.store import S3Store
from pydantic import SecretStr

from itti.files.bucket import Place
from tests.judges.absence import need, s3proxy

KEY: Final = "itti-test"
SECRET: Final = "secret-of-itti-test"

_CONFIGURATION: Final = f"""
s3proxy.endpoint=http://127.0.0.1:0
s3proxy.authorization=aws-v4
s3proxy.identity={KEY}
s3proxy.credential={SECRET}
s3proxy.ignore-unknown-headers=true
jclouds.provider=transient-nio2
jclouds.identity=none
jclouds.credential=none
"""
_JAVA: Final = ("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-jar")
_STARTED: Final = re.compile(r"Started ServerConnector.*\{127\.0\.0\.1:(\d+)\}")


@contextmanager
def serving(folder: Path) -> Iterator[Place]:
    """A server with an empty bucket, for as long as the block lasts."""
    need("s3proxy")
    configuration = folder / "s3proxy.conf"
    configuration.write_text(_CONFIGURATION, "utf-8")
    command = [*_JAVA, str(s3proxy()), "--properties", str(configuration)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            assert server.stdout is not None
            said: list[str] = []
            for line in server.stdout:
                said.append(line)
                if (started := _STARTED.search(line)) is not None:
                    break
            else:
                raise AssertionError("".join(said))
            place = Place("proofs", "evidence/", f"http://127.0.0.1:{started[1]}", "us-east-1", KEY, SecretStr(SECRET))
            _make_bucket(place)
            yield place
        finally:
            server.kill()


def store(place: Place) -> S3Store:
    """The bucket as others reach it."""
    return S3Store(
        place.bucket,
        config={
            "endpoint": place.endpoint,
            "region": place.region,
            "access_key_id": KEY,
            "secret_access_key": SECRET,
        },
        client_options={"allow_http": True},
    )


def names(place: Place) -> list[str]:
    """The names of all objects."""
    return sorted(each["path"] for batch in obstore.list(store(place)) for each in batch)


def _make_bucket(place: Place) -> None:
    address = obstore.sign(store(place), "PUT", "", timedelta(minutes=1))
    with urlopen(Request(address, method="PUT")) as answer:
        assert answer.status == 200
