"""The text of a project's file, whoever wrote it: with or without a byte order mark, with any ends of line."""

from __future__ import annotations

from pathlib import Path

from bot.errors import ProjectFileError, Where


def text_of(path: Path) -> str:
    """The file as text. Raises `ProjectFileError` when it cannot be read, or with the line that is not UTF-8."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise ProjectFileError("there is no such file", Where(path)) from error
    except OSError as error:
        raise ProjectFileError(f"cannot be read: {error.strerror}", Where(path)) from error
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        return _with_characters(text) if text.isascii() and "\\u" in text else text
    except UnicodeError as error:
        place = error.start if isinstance(error, UnicodeDecodeError) else 0
        raise ProjectFileError("not text in UTF-8", Where(path, raw.count(b"\n", 0, place) + 1)) from error


def _with_characters(text: str) -> str:
    r"""ASCII with `\ud83d\ude00` for characters, as an export writes it: the characters themselves, as Rasa reads it."""
    return text.encode().decode("raw_unicode_escape").encode("utf-16", "surrogatepass").decode("utf-16")
