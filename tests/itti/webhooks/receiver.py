"""A receiver of events on loopback, which answers as a test wants."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Receiver:
    """What came, and what is answered."""

    port: int = 0
    body: bytes = b""
    """Of each answer."""

    answers: list[int] = field(default_factory=list)
    """Statuses of the next answers; when none is left, 204. 0: it sends a byte now and then, and never ends."""

    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    """Headers in lower case, and bodies."""

    paths: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook?from=itti"


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver for as long as the block lasts."""
    told = Receiver()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            told.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
            told.paths.append(self.path)
            status = told.answers.pop(0) if told.answers else 200 if told.body else 204
            if status == 0:
                self.hang()
                return
            self.send_response(status)
            self.send_header("Location", f"http://127.0.0.1:{told.port}/elsewhere")
            self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            if status != 204:
                self.wfile.write(told.body)

        def hang(self) -> None:
            try:
                for _ in range(100):
                    self.wfile.write(b"H")
                    self.wfile.flush()
                    time.sleep(0.05)
            except OSError:
                return

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    told.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
