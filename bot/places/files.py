"""Tables of `data/divisions`: a row a line, tabs between columns; those that a script derives are gzipped."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

from bot.errors import DirectoryError, Where


def rows(file: Path, columns: int) -> Iterator[list[str]]:
    """Every row of a table. Raises `DirectoryError` when it is missing or broken, and with its line for a row that is not whole."""
    try:
        read = file.read_bytes()
        lines = (gzip.decompress(read) if file.suffix == ".gz" else read).decode().rstrip("\n").split("\n")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DirectoryError(f"cannot be read: {error}", Where(file)) from error
    for number, line in enumerate(lines, 1):
        row = line.split("\t")
        if len(row) != columns:
            raise DirectoryError(f"a line has {columns} columns, with tabs between them", Where(file, number))
        yield row
