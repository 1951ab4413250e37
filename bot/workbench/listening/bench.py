"""`rightdoor bench nlu`: how well messages are read, and what it costs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.facts import Lexicon
from bot.facts.matters import FRAGMENTS, NAMES, Matter
from bot.workbench.listening.labelled import Labels, Message
from bot.workbench.listening.measuring import Figures, Heard, cost, figures, hear_all, wrong_facts
from bot.workbench.listening.scores import Share, f1
from bot.workbench.listening.twice import doubled
from bot.workbench.listening.weighing import weigh

LONG = 2000  # characters
HALVES = {"seen": False, "held back": True}


def bench_nlu(
    folder: Path, lexicon: Lexicon, labels: Labels, out: Console, *, as_json: bool, wrong: Iterable[str] = ("seen",)
) -> None:
    """Prints every figure for both halves, and the messages of the halves in `wrong` that were not read right."""
    heard = [
        *hear_all(track(labels.messages, "reading", console=out, transient=True, disable=as_json), lexicon),
        *hear_all(labels.negatives, lexicon),
    ]
    for name, held in HALVES.items():
        half = [each for each in heard if each.message.held == held]
        messages = [each for each in half if each.message.source != "negatives"]
        found = figures(messages, [each for each in half if each.message.source == "negatives"])
        if as_json:
            out.file.write(json.dumps(_plain(name, found, messages), ensure_ascii=False) + "\n")
        else:
            _show(name, found, out)
        if name in wrong:
            _wrong(half, out, as_json=as_json)
    _costs(folder, lexicon, [each.message for each in heard], out, as_json=as_json)


def teach(folder: Path, lexicon: Lexicon, labels: Labels, out: Console, *, as_json: bool) -> None:
    """Shows the weights of signs that the labelled messages teach, for matters.yml, and writes those of fragments to `folder`.

    What is held back teaches nothing.
    """
    seen = [each for each in (*labels.messages, *labels.negatives) if each.matter and not each.held]
    learned = weigh([*labels.examples, *seen], lexicon)
    lines = ["\t".join(("fragment", *NAMES))]
    for fragment, weights in learned.fragments.items():
        lines.append("\t".join((fragment, *(f"{weights[matter]:.2f}" for matter in NAMES.values()))))
    (folder / FRAGMENTS).write_text("\n".join(lines) + "\n", encoding="utf-8")
    for sign, weights in learned.signs.items():
        row = {name: round(weights[matter], 1) for name, matter in NAMES.items()}
        if as_json:
            out.file.write(json.dumps({"sign": sign} | row) + "\n")
        else:
            out.print(f"{sign}: {{{', '.join(f'{name}: {each}' for name, each in row.items())}}}", highlight=False)


def _show(name: str, found: Figures, out: Console) -> None:
    table = Table("what", "share", "of", "95 %", title=f"messages: {name}")
    table.add_row("danger read or asked about", *_cells(found.danger))
    for where, share in found.alarms.items():
        table.add_row(f"emergency card for nothing ({where})", *_cells(share))
    for matter in Matter:
        precision, recall = found.matters.precision(matter), found.matters.recall(matter)
        table.add_row(f"{_word(matter)}: precision", *_cells(precision))
        table.add_row(f"{_word(matter)}: recall", *_cells(recall))
    table.add_row("facts: precision", *_cells(found.facts_right))
    table.add_row("facts: recall", *_cells(found.facts_found))
    out.print(table)
    out.print(f"scope: macro F1 {found.matters.macro_f1(list(Matter)):.3f}, likelihoods off by {found.off_by:.3f}")
    confusion = Table("what it is", *(f"taken for {_word(matter)}" for matter in Matter))
    for true in Matter:
        confusion.add_row(_word(true), *(str(found.matters.counts[true, said]) for said in Matter))
    out.print(confusion)
    facts = Table("fact", "precision", "recall", "F1")
    for fact in sorted(found.precision.keys() | found.recall.keys()):
        precision, recall = found.precision.get(fact, Share(0, 0)), found.recall.get(fact, Share(0, 0))
        row = (_of(precision), _of(recall), f"{f1(precision, recall):.2f}" if precision.of and recall.of else "–")
        facts.add_row(fact, *row)
    out.print(facts)


def _cells(share: Share) -> tuple[str, str, str]:
    low, high = share.interval()
    return f"{share.rate:.3f}", str(share.of), f"{low:.3f}–{high:.3f}"


def _of(share: Share) -> str:
    return f"{share.hits}/{share.of}" if share.of else "–"


def _word(matter: Matter) -> str:
    return next(name for name, known in NAMES.items() if known is matter)


def _plain(name: str, found: Figures, messages: Sequence[Heard]) -> dict[str, Any]:
    return {
        "half": name,
        "messages": len(messages),
        "danger": _numbers(found.danger),
        "alarms": {where: _numbers(share) for where, share in found.alarms.items()},
        "scope": {
            "macro_f1": round(found.matters.macro_f1(list(Matter)), 4),
            "off_by": round(found.off_by, 4),
            "confusion": {
                _word(true): {_word(said): found.matters.counts[true, said] for said in Matter} for true in Matter
            },
        },
        "facts": {
            "precision": _numbers(found.facts_right),
            "recall": _numbers(found.facts_found),
            "each": {
                fact: {
                    "precision": _numbers(found.precision.get(fact, Share(0, 0))),
                    "recall": _numbers(found.recall.get(fact, Share(0, 0))),
                }
                for fact in sorted(found.precision.keys() | found.recall.keys())
            },
        },
    }


def _numbers(share: Share) -> dict[str, Any]:
    low, high = share.interval()
    return {"hits": share.hits, "of": share.of, "low": round(low, 4), "high": round(high, 4)}


def _wrong(half: Iterable[Heard], out: Console, *, as_json: bool) -> None:
    """The messages of one half that were not read right, and how."""
    for each in half:
        message = each.message
        said = ["no danger"] if message.danger and not each.warned else []
        said += ["a card for nothing"] if message.danger is False and each.alarmed else []
        if message.matter and each.matter and message.matter is not each.matter:
            said.append(f"{_word(message.matter)} → {_word(each.matter)}")
        said += wrong_facts(each) if message.facts is not None else []
        if said and as_json:
            out.file.write(json.dumps({"wrong": said, "text": message.text}, ensure_ascii=False) + "\n")
        elif said:
            out.print(f"[dim]{'; '.join(said)}[/]  {message.text}", highlight=False, soft_wrap=True)


def _costs(folder: Path, lexicon: Lexicon, messages: Sequence[Message], out: Console, *, as_json: bool) -> None:
    """What a message costs, a long one, and what it would with twice as many cues; the better of three rounds each."""
    texts = [message.text for message in messages]
    twice = doubled(folder, lexicon.vocabulary)
    long = ["，".join(texts)[:LONG]]
    rounds = [(cost(texts, lexicon), cost(texts, twice), cost(long, lexicon)) for _ in range(3)]
    once, other, longest = (min(each[at] for each in rounds) for at in range(3))
    row = {"median_ms": round(once, 3), "long_ms": round(longest, 3), "twice_the_cues": round(other / once, 3)}
    if as_json:
        out.file.write(json.dumps(row) + "\n")
    else:
        out.print(
            f"a message costs {once:.2f} ms (median), {LONG:,} characters {longest:.1f} ms; "
            f"with twice as many cues {other / once:.2f} of it"
        )
