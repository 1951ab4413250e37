"""Projects nobody wrote, through real Rasa and through our engine.

    python -m tests.dialogue.parity.generated --generated 500 --seed 1     # where do they part?
    python -m tests.dialogue.parity.generated --shrink 641                 # the smallest project in which seed 641 parts

Exits with 1 when the engines part, with 2 where there is no Rasa.
"""

from __future__ import annotations

import argparse
import json
import sys

from rich.console import Console
from rich.progress import Progress

from tests.dialogue.parity.generated.draw import draw
from tests.dialogue.parity.generated.driving import RealRasa, Tally, compare, parting
from tests.dialogue.parity.generated.scripted import as_yaml
from tests.dialogue.parity.generated.shrink import shrunk
from tests.dialogue.parity.real import NoRasa

SHOWN = 400


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="generated", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--generated", type=int, default=200, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shrink", type=int, metavar="SEED")
    asked = parser.parse_args()
    console = Console()
    try:
        rasa = RealRasa()
    except NoRasa as error:
        console.print(str(error))
        sys.exit(2)
    try:
        if asked.shrink is not None:
            _shrink(rasa, asked.shrink, console)
        else:
            sys.exit(_compare(rasa, range(asked.seed, asked.seed + asked.generated), console))
    finally:
        rasa.close()


def _compare(rasa: RealRasa, seeds: range, console: Console) -> int:
    tally = Tally()
    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("projects", total=len(seeds))
        for _ in compare(rasa, seeds, tally):
            progress.advance(bar)
    for seed, parted in tally.parted.items():
        console.print(f"{seed}: {parted[:SHOWN]}", markup=False, highlight=False)
    console.print(", ".join(f"{count} {what}" for what, count in tally.counts.items()), f"{len(tally.parted)} part")
    return 1 if tally.parted else 0


def _shrink(rasa: RealRasa, seed: int, console: Console) -> None:
    case = draw(seed) | {"quick": True}
    first = parting(rasa.play(case), case)
    if first is None:
        console.print(f"{seed}: the same")
        return
    case = shrunk(case, lambda smaller: _kind(parting(rasa.play(smaller), smaller)) == _kind(first))
    for name, content in case["files"].items():
        console.print(f"# {name}\n{as_yaml(content)}", markup=False, highlight=False)
    for part in ("actions", "walks"):
        console.print(f"{part}: {json.dumps(case[part])}", markup=False, highlight=False)
    console.print(parting(rasa.play(case), case), markup=False, highlight=False)


def _kind(parted: str | None) -> str | None:
    """Which part differs, so that shrinking does not drift to another difference."""
    if parted is None:
        return None
    return next(
        (part for part in ("loading", "replies", "actions", "slots", "loop", "calls") if f"{part}:" in parted), ""
    )


if __name__ == "__main__":
    main()
