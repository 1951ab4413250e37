"""What a referral costs with many others stored: whatever tables there are, copies of families weigh on them like real ones."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from sqlalchemy import func, select

from bot.store import Store
from bot.store.tables import cases
from bot.turns import Turns
from bot.turns.services import Services
from bot.workbench.bench_stored import SAMPLES, bench_stored
from tests.conftest import KEY


def test_copies_of_families_are_stored_before_what_is_measured(loaded: Services, tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'rightdoor.db'}", master_key=KEY)
    out = io.StringIO()
    bench_stored(Turns(replace(loaded, store=store)), 2, (0, 3 * SAMPLES), Console(file=out), as_json=True)
    first, second = (json.loads(line) for line in out.getvalue().splitlines())
    assert first["stored"] == SAMPLES
    assert 2 * SAMPLES < second["stored"] <= 3 * SAMPLES + 2
    assert second["cpu_ms"] > 0
    with store.engine.connect() as db:
        assert db.execute(select(func.count()).select_from(cases)).scalar_one() == second["stored"] + 2
    store.close()
