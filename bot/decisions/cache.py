"""What was read from a rules folder, kept by its content and by the code that read it: a second start reads no YAML."""

from __future__ import annotations

import hashlib
import logging
import pickle
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

READERS = (Path(__file__).parent, Path(__file__).parents[1] / "facts")


def kept(cache: Path, content: str, read: Callable[[], T]) -> T:
    """What `read` gives, from `cache` when it was read before with the same `content` by the same code.

    `cache` is a folder of the service's own, as private as its database: what lies there is unpickled. One that cannot be read or
    written is passed over.
    """
    file = cache / f"rules-{content}-{_digest(path for folder in READERS for path in folder.rglob('*.py'))}.pickle"
    with suppress(Exception):  # whatever is wrong with an old file, reading anew mends it
        found: T = pickle.loads(file.read_bytes())  # noqa: S301 – written by us, into our own folder
        return found
    fresh = read()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        for old in cache.glob("rules-*.pickle"):
            old.unlink(missing_ok=True)
        written = file.with_suffix(".new")
        written.write_bytes(pickle.dumps(fresh))
        written.replace(file)
    except OSError as error:
        log.warning("what was read of the rules cannot be kept: %s", type(error).__name__)
    return fresh


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
