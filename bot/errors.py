"""One family of errors, each named for what the reader got wrong.

An author's mistake names the file, the line and the nearest right word, because the message is all
the author sees. Errors raised while somebody is being served never reach that person as text: the
turn answers with a kind sentence from `data/domain` and the log keeps the class name only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

# Nobody mistypes a longer word, and looking for what is like a page of text takes minutes.
LONGEST_WORD = 100


class RightdoorError(Exception):
    """Whatever Rightdoor refuses or cannot do, said in one line that a person can act on."""


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file an author wrote; `line` counts from 1."""

    file: Path | str
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else f"{self.file}"


class InputError(RightdoorError):
    """Input that is not accepted; nothing has been changed. Commands exit with status 2."""

    def __init__(self, message: str, where: Where | None = None) -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.message = message
        self.where = where


class RuleFileError(InputError):
    """A file under `rules/` that cannot be read as policy."""


class UnknownWordError(RuleFileError):
    """A fact, value, service, article … that nobody declared; says the nearest known word."""

    def __init__(self, kind: str, word: str, known: Iterable[str], where: Where | None = None) -> None:
        super().__init__(f"unknown {kind} {word!r}{did_you_mean(word, known)}", where)


class SheetError(InputError):
    """Facts handed in from outside (`rightdoor decide`, the API) that the vocabulary does not know."""


class ProjectFileError(InputError):
    """A file of a Rasa project (domain, rules, nlu, config) that the engine does not accept."""


class UnsupportedError(ProjectFileError):
    """Something Rasa does and the engine does not; `Project.load(…, ignore_unsupported=True)` passes over it."""


class SettingsError(InputError):
    """A setting in `config.yml` or the environment that is missing or wrong."""


class DirectoryError(InputError):
    """A directory or divisions file that cannot be used."""


class MoveNotAllowedError(RightdoorError):
    """A referral cannot make this move from the state it is in; nothing has been changed."""


class NotYoursError(MoveNotAllowedError):
    """Somebody tried a move that is not theirs to make on this part."""


class ConflictError(RightdoorError):
    """Two people changed the same thing; the later one must look again. Nothing was overwritten."""


class StaleVersionError(ConflictError):
    """Somebody acted on a version that is no longer the newest: `theirs` stands now, `by` (a pseudonym) made it.

    `seen` is the revision that was looked at. Trying the same again does not help: a person has to look.
    """

    def __init__(self, message: str, *, seen: int, theirs: object, by: str | None) -> None:
        super().__init__(message)
        self.seen = seen
        self.theirs = theirs
        self.by = by


class StoreUnavailableError(RightdoorError):
    """The database is locked, gone or refuses us; the turn did not happen and may be tried again."""


class DeliveryError(RightdoorError):
    """A message could not be handed over; carries whether trying again can help."""

    def __init__(self, message: str, *, retry_after: float | None = None, permanent: bool = False) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.permanent = permanent


class ActionFailedError(RightdoorError):
    """A conversation's action raised, timed out or returned something that is not a result."""


class RasaServerError(RightdoorError):
    """The Rasa server that holds the conversations is away, late, of another version, or says what cannot be used."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'divorce'?` for the nearest known word, or nothing when none is near."""
    nearest = get_close_matches(word, list(known), n=1, cutoff=0.6) if len(word) <= LONGEST_WORD else []
    return f"; did you mean {nearest[0]!r}?" if nearest else ""
