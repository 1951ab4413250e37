"""Services in processes of their own, for the benchmarks: started, waited for, weighed, ended."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bot.errors import RightdoorError

PATIENCE = 90.0  # seconds to get ready: Rasa takes 12 to 22 on an idle machine
SETTLES = 1.0  # seconds until memory is looked at
Process = subprocess.Popen[bytes]


@dataclass(frozen=True, slots=True)
class Served:
    """A service that answers: its port, seconds from start to ready, and resident memory of its processes in MB, idle."""

    port: int
    ready: float
    memory: float


@contextmanager
def running(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Iterator[Process]:
    """A process for as long as the block runs; what it prints is dropped."""
    process = subprocess.Popen(  # noqa: S603 – our own commands
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def when_ready(processes: Sequence[Process], port: int, path: str, start: float) -> Served:
    """The service, once `path` is answered. `start` is when it was started, by `time.perf_counter`.

    Raises `RightdoorError` when one of its processes ends, or it does not answer in time.
    """
    while time.perf_counter() - start < PATIENCE:
        if any(process.poll() is not None for process in processes):
            raise RightdoorError("a service ended before it answered; run it by hand to see why")
        if _answers(port, path):
            ready = time.perf_counter() - start
            time.sleep(SETTLES)
            return Served(port, ready, sum(_memory(process.pid) for process in processes))
        time.sleep(0.02)
    raise RightdoorError(f"a service did not answer within {PATIENCE:.0f} seconds")


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", path)
        connection.getresponse().read()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True


def _memory(pid: int) -> float:
    """Resident memory in MB (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
