"""Routers served by a real uvicorn on loopback."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import uvicorn
from fastapi import APIRouter, FastAPI


@contextlib.contextmanager
def served(*routers: APIRouter, port: int = 0) -> Iterator[str]:
    """Gives the address."""
    app = FastAPI(openapi_url=None)
    for router in routers:
        app.include_router(router)
    with _listening(app, port) as address:
        yield address


@contextlib.contextmanager
def mounted(path: str, inner: FastAPI) -> Iterator[str]:
    """An application below a path; gives the address."""
    app = FastAPI(openapi_url=None)
    app.mount(path, inner)
    with _listening(app, 0) as address:
        yield address


@contextlib.contextmanager
def _listening(app: FastAPI, port: int) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", port))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
