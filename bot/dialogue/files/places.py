"""Which files of a folder are a project's: its domain, its rules and examples, its settings."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from bot.dialogue.files.merging import DOMAIN_KEYS, TRAINING_KEYS
from bot.dialogue.files.node import Node
from bot.errors import ProjectFileError, Where

# Where a project keeps its domain, the first that is there.
DOMAIN_PLACES = ("domain.yml", "domain.yaml", "domain", "data/domain")
_KEY = rf"[\"']?({'|'.join((*DOMAIN_KEYS, *TRAINING_KEYS))})[\"']?\s*:"
_OURS = re.compile(rf"^{_KEY}|^[\"']?version[\"']?\s*:\s*[\"']?[23]\.\d|\A\s*\{{[^#]*?{_KEY}", re.MULTILINE)


def domain_files(root: Path, given: Path | str | None) -> list[Node]:
    """The files of the domain: the one named, all below the folder named, or whichever of the usual places is there."""
    if not root.is_dir():
        what = "a project is a folder, not a file" if root.exists() else "there is no such folder"
        raise ProjectFileError(what, Where(root))
    places = [root / place for place in ((given,) if given else DOMAIN_PLACES)]
    found = next((place for place in places if place.exists() or place.is_symlink()), None)
    if found is None:
        raise ProjectFileError(f"no domain: looked for {', '.join(str(_shown(p, root)) for p in places)}", Where(root))
    return list(_read(root, found))


def data_files(root: Path, given: Path | str | None, read: Iterable[Node]) -> list[Node]:
    """The files of rules, examples and responses, without those that were `read` as the domain."""
    place = root / (given or "data")
    if not place.exists():
        raise ProjectFileError("there is no such folder of rules and examples", Where(_shown(place, root)))
    return list(_read(root, place, {file.where.file for file in read}))


def config_file(root: Path, given: Path | str | None) -> Node:
    """The settings."""
    return Node.of_file(root / (given or "config.yml"), Path(given or "config.yml"))


def _read(root: Path, place: Path, already: Collection[Path | str] = ()) -> Iterator[Node]:
    """The Rasa files at a place that were not read `already`, by name.

    A YAML file with none of Rasa's top-level keys is somebody else's; one that states Rasa's format version is Rasa's, so
    that a misspelt key in it is noticed.
    """
    if not place.is_dir():
        yield Node.of_file(place, _shown(place, root))
        return
    for path in sorted(_yaml_below(place)):
        shown = _shown(path, root)
        if shown not in already and _is_rasa(path, shown):
            yield Node.of_file(path, shown)


def _yaml_below(folder: Path) -> Iterator[Path]:
    """The YAML files below a folder that are neither hidden nor tests; linked folders too, each once (rasa `list_files`)."""
    seen: set[str] = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        if os.path.realpath(place) in seen:
            folders.clear()
            continue
        seen.add(os.path.realpath(place))
        yield from (Path(place, n) for n in names if n.endswith((".yml", ".yaml")) and not n.startswith((".", "test_")))


def _is_rasa(path: Path, shown: Path) -> bool:
    """Whether a file is meant for us. One that is no text is refused later, by name, rather than passed over."""
    if not path.is_file():
        raise ProjectFileError("a link that leads nowhere, or no file at all", Where(shown))
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ProjectFileError(f"cannot be read: {error.strerror}", Where(shown)) from error
    return b"\0" in raw or _OURS.search(raw.decode("utf-8-sig", errors="replace")) is not None


def _shown(path: Path, root: Path) -> Path:
    return path.relative_to(root) if path.is_relative_to(root) else path
