"""What was learned, kept in a folder by the content it was learned from.

A file holds numbers and JSON only: reading one runs no code, whoever wrote it. One that is damaged, too large, or about
other content than its name says is as good as none.
"""

from __future__ import annotations

import hashlib
import json
import math
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.dialogue.understanding.weights import Weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Counted up whenever the same content would be learned differently.
FORMAT = 1
LARGEST = 500_000_000
KINDS = ("softmax", "sigmoid", "each")


@dataclass(frozen=True, slots=True)
class Cache:
    """Remembers weights in `folder`; without one, nothing is remembered."""

    folder: Path | None = None

    def weights(self, content: object, size: int, learn: Callable[[], Weights | None]) -> Weights | None:
        """What was learned from `content` over `size` features, learned now unless it is remembered."""
        if self.folder is None:
            return learn()
        key = fingerprint(content)
        path = self.folder / f"{key}.npz"
        known = _read(path, key, size)
        if known is not None:
            return known
        found = learn()
        if found is not None:
            _write(path, key, found)
        return found


def fingerprint(content: object) -> str:
    """A name for this content, and for the versions of what learns from it."""
    written = json.dumps([FORMAT, _versions(), content], sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {"is": type(value).__name__, **asdict(value)}
    if isinstance(value, Mapping):
        return dict(value)
    return sorted(value) if isinstance(value, frozenset | set) else repr(value)


@cache
def _versions() -> tuple[str, ...]:
    return tuple(_version(package) for package in ("scikit-learn", "rjieba", "regex"))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _read(path: Path, key: str, size: int) -> Weights | None:
    import numpy as np  # noqa: PLC0415 – only a pipeline that learns needs it

    try:
        with zipfile.ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST:
                return None
        with np.load(path, allow_pickle=False) as held:
            about = json.loads(held["about"].tobytes())
            return _checked(about, held["table"], held["offsets"], key, size)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile, MemoryError):
        return None
    except Exception:  # noqa: BLE001 – whatever a damaged file leads to, it is learned anew
        return None


def _checked(about: Any, table: NDArray[Any], offsets: NDArray[Any], key: str, size: int) -> Weights | None:  # noqa: ANN401
    """The weights if everything about them fits together."""
    labels = about["labels"]
    columns = 1 if about["kind"] == "sigmoid" else len(labels)
    sound = (
        about["key"] == key
        and about["kind"] in KINDS
        and all(isinstance(label, str) for label in labels)
        and table.dtype == offsets.dtype == "float64"
        and table.shape == (max(size, 1), columns)
        and offsets.shape == (columns,)
        and math.isfinite(float(abs(table).sum() + abs(offsets).sum()))
    )
    return Weights(tuple(labels), about["kind"], table, offsets) if sound else None


def _write(path: Path, key: str, weights: Weights) -> None:
    """Written beside and moved into place, so that nobody reads half a file. A folder that cannot be written: no cache."""
    import numpy as np  # noqa: PLC0415 – only a pipeline that learns needs it

    about = json.dumps({"key": key, "kind": weights.kind, "labels": weights.labels}).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".new", delete=False) as file:
            np.savez(file, about=np.frombuffer(about, "uint8"), table=weights.table, offsets=weights.offsets)
        Path(file.name).replace(path)
    except OSError:
        return
