"""The two things that are compared: folders, or revisions of this repository's `rules/`."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.decisions import Policy
from bot.errors import InputError, RuleFileError, Where


@dataclass(frozen=True, slots=True)
class Source:
    """A rule base and what the reader called it."""

    name: str
    policy: Policy


def source(name: str, repository: Path) -> Source:
    """The rule base of a folder, or else of a git revision of `repository`.

    Raises `InputError` when it is neither, `RuleFileError` with file and line when its rules are broken.
    """
    folder = Path(name)
    if folder.is_dir():
        return Source(name, _load(folder, name))
    with TemporaryDirectory(prefix="rightdoor-rules-") as home:
        checkout = Path(home) / "rules"
        _check_out(name, repository, checkout)
        return Source(name, _load(checkout, f"{name}:rules"))


def _load(folder: Path, shown: str) -> Policy:
    """The rules, with messages that name them as the reader did; two folders can have the same last name."""
    try:
        return Policy.load(folder)
    except RuleFileError as error:
        if error.where is None:
            raise
        inside = Path(error.where.file).relative_to(folder.name)
        raise RuleFileError(
            error.message, Where(f"{shown.rstrip('/')}/{inside.as_posix()}", error.where.line)
        ) from error


def _check_out(revision: str, repository: Path, into: Path) -> None:
    """Writes the revision's rules; nothing of the working tree is touched."""
    commit = _git(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise InputError(f"{revision!r} is neither a folder nor a git revision of {repository.name}")
    sha = commit.decode().strip()
    listed = _git(repository, "ls-tree", "-r", "-z", "--full-tree", "--name-only", sha, "--", "rules/") or b""
    files = [name for name in listed.decode().split("\0") if name.endswith(".yml")]
    if not files:
        raise InputError(f"the revision {revision!r} has no rules/")
    for name in files:
        target = into / Path(name).relative_to("rules")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(_git(repository, "cat-file", "blob", f"{sha}:{name}") or b"")


def _git(repository: Path, *arguments: str) -> bytes | None:
    """What git prints, or None when it refuses or is not there."""
    command = ["git", "-C", str(repository), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 – no shell; a revision follows --end-of-options
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None
