"""The application of a test on a port of its own, for programs that come from outside."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from itti.serving import Server
from tests.itti.conftest import World


@contextmanager
def served(world: World) -> Iterator[str]:
    """The application on a port of its own; its address."""
    server = Server(uvicorn.Config(world.app, lifespan="off", log_level="error"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
