"""How a process serves the application: what ``itti serve`` starts, and the benchmarks measure."""

from __future__ import annotations

import gc
import socket
from typing import Final

import uvicorn
from fastapi import FastAPI

YOUNG: Final = 10_000
"""So many more objects than before, and Python looks among the youngest for some that hold only each other.

By its own choice it does so after 700, which is several times in each request.
"""


class Server(uvicorn.Server):
    """A server whose waiting requests do not hold up its end."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer those who wait for events, then let all others finish."""
        lookout = getattr(self.config.app.state, "lookout", None) if isinstance(self.config.app, FastAPI) else None
        if lookout is not None:
            lookout.end()
        await super().shutdown(sockets)


def server(app: FastAPI) -> uvicorn.Server:
    """A server of ``app`` for this process, which is to do nothing else.

    What is loaded by now stays for as long as the process lives, so it is left out whenever Python looks for garbage:
    to look through it all would hold up every request at once. With :data:`YOUNG` it saves a request that stores an
    answer a sixteenth of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
    return Server(uvicorn.Config(app, log_level="warning", access_log=False, server_header=False))
