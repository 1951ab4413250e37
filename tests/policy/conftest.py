"""The policy as it stands, and the founders' tables where they are at hand."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from bot.decisions import Policy

PROJECT = Path(__file__).parents[2]
SHARED = PROJECT.parent / "shared"
Line = Mapping[str, str]


@pytest.fixture(scope="session")
def rules() -> Path:
    return PROJECT / "rules"


@pytest.fixture(scope="session")
def policy(rules: Path) -> Policy:
    return Policy.load(rules)


@pytest.fixture(scope="session")
def shared() -> Path:
    if not (SHARED / "policy").is_dir():
        pytest.skip("the founders' tables are not at hand (../shared)")
    return SHARED


@pytest.fixture(scope="session")
def truth(shared: Path) -> Sequence[Line]:
    """The sixty situations."""
    return _table(shared / "policy" / "routing_truth.csv")


@pytest.fixture(scope="session")
def basis(shared: Path) -> Sequence[Line]:
    """Article, who must act, what."""
    return _table(shared / "policy" / "legal_basis.csv")


def _table(path: Path) -> Sequence[Line]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
