"""A conversation with one of the Java judges (java/*.java): a request a line, a JSON object a line back.

One JVM serves all questions of a test process; starting it costs more than most answers.
"""

import atexit
import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Timer
from typing import Any

from tests.judges.absence import JUDGES, PROGRAMS, JavaJudge

PATIENCE = 120  # seconds for one answer: far above the slowest measured (2 s), far below a lost night


class JudgeFailed(Exception):
    """The judge itself broke: it died, ran out of time or could not read the file at all."""


class Conversation:
    """A running judge."""

    def __init__(self, main_class: str, jars: list[Path]) -> None:
        """Start the JVM; nothing is asked yet."""
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the judge)
        # Small and quick to start: it judges a few files on a machine that also runs the tests.
        options = ["-Xss8m", "-Xmx768m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true"]
        classpath = os.pathsep.join(str(place) for place in [JUDGES / "classes", *jars])
        self._process = subprocess.Popen(
            ["java", *options, "-cp", classpath, main_class],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            encoding="utf-8",
        )

    def ask(self, *fields: str | Path) -> Mapping[str, Any]:
        """Put one question and wait for the answer.

        Raises:
            JudgeFailed: if the judge gives no verdict; the text holds what it said.
            ValueError: if a field holds a tab or a line break, which part fields and requests.
        """
        request = "\t".join(str(field) for field in fields)
        if "\n" in request or request.count("\t") != len(fields) - 1:
            raise ValueError(f"No tabs or line breaks in a request to a judge: {request!r}")
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        alarm = Timer(PATIENCE, self._process.kill)
        alarm.start()
        try:
            stdin.write(request + "\n")
            stdin.flush()
            line = stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            alarm.cancel()
        if not line:
            self._complaints.seek(0)
            raise JudgeFailed(f"No answer about {fields[0]}: {self._complaints.read()[-2000:].decode()}")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise JudgeFailed(f"No verdict on {fields[0]}: {answer['error']}")
        return answer

    def end(self) -> None:
        """Say goodbye: the judge stops when its input ends."""
        self._process.communicate()
        self._complaints.close()


@cache
def conversation(judge: JavaJudge) -> Conversation:
    """The conversation of this process with that judge, started on the first question."""
    everything = sorted((JUDGES / "jars").glob("*.jar"))
    verapdf = [jar for jar in everything if jar.name.startswith("greenfield-apps-")]
    # Apart, because these bring the same libraries in different versions.
    whole = [*verapdf, *(jar for jar in everything if jar.name.startswith("s3proxy-"))]
    jars = verapdf if judge == "verapdf" else [jar for jar in everything if jar not in whole]
    started = Conversation(PROGRAMS[judge], jars)
    atexit.register(started.end)
    return started
