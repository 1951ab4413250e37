"""A real Rasa server with our project, and our `actions/` served to it by rasa-sdk; both on loopback, both ours to end."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from bot.workbench.served import free_port
from tests.dialogue.parity.own import ROOT
from tests.dialogue.parity.real import QUIET, python

# Importing rasa alone takes a quarter of a minute.
SECONDS = 180.0
ENDPOINTS = 'action_endpoint:\n  url: "http://127.0.0.1:{port}/webhook"\n'


@contextmanager
def rasa_server() -> Iterator[str]:
    """The address of a Rasa server that was trained on our project as it stands. Raises `NoRasa` where there is no Rasa."""
    rasa = python().with_name("rasa")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rightdoor-rasa-")))
        acting, serving = free_port(), free_port()
        _run([rasa, "train", "--domain", "data/domain", "--fixed-model-name", "ours", "--out", folder, "--quiet"])
        (folder / "endpoints.yml").write_text(ENDPOINTS.format(port=acting), encoding="utf-8")
        (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")
        stack.enter_context(_running([sys.executable, "-m", "rasa_sdk", "--actions", "actions", "-p", acting]))
        files = ["--endpoints", folder / "endpoints.yml", "--credentials", folder / "credentials.yml"]
        where = ["-i", "127.0.0.1", "-p", serving, "-m", folder / "ours.tar.gz"]
        stack.enter_context(_running([rasa, "run", "--enable-api", *where, *files]))
        _wait_for(f"http://127.0.0.1:{acting}/health")
        _wait_for(f"http://127.0.0.1:{serving}/status")
        yield f"http://127.0.0.1:{serving}"


def _environment() -> dict[str, str]:
    return {**os.environ, **QUIET, "PYTHONPATH": str(ROOT)}


def _run(command: Sequence[object]) -> None:
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError((done.stdout + done.stderr)[-2000:])


@contextmanager
def _running(command: Sequence[object]) -> Iterator[None]:
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        env=_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(url: str) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        try:
            if httpx.get(url, timeout=5, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.3)
    raise RuntimeError(f"{url} did not answer within {SECONDS:g} seconds")
