"""`rightdoor demo`: the seed story, both sides, on a database of its own. Real turns; nothing is acted but the people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from ruamel.yaml import YAML

from bot.errors import RightdoorError
from bot.messages import Channel, Content, Incoming, Press, Text
from bot.replies import Button, Reply
from bot.turns import TurnResult, Turns
from bot.turns.phrasing import answer_of

# A story that has not ended after so many answers has gone wrong.
LONGEST = 20


@dataclass(slots=True)
class Player:
    """One fictional person at a terminal."""

    turns: Turns
    chat: str
    numbers: Iterator[int]
    seen: int = 0
    last: tuple[Reply, ...] = ()

    def says(self, content: Content) -> TurnResult:
        """One message; the replies are remembered for the next press."""
        number = f"{self.chat}-{next(self.numbers)}"
        result = self.turns.take(Incoming(Channel.TERMINAL, self.chat, number, self.turns.services.clock(), content))
        self.last = result.replies or self.last
        return result

    def button(self, wanted: str) -> Button:
        """The newest button with this title, payload or payload's verb."""
        for reply in reversed(self.last):
            for button in reply.buttons:
                if wanted in (button.title, button.payload, button.payload.partition(":")[0]):
                    return button
        raise RightdoorError(f"the demo expected a button {wanted!r}")

    def mail(self) -> Sequence[Reply]:
        """What was written to this person since the last look."""
        with self.turns.services.store.work() as work:
            contact = work.contacts.by_address(Channel.TERMINAL, self.chat)
            letters = work.outbox.after(contact, self.seen) if contact else ()
        self.seen = max([self.seen, *(number for number, _ in letters)])
        self.last = tuple(reply for _, reply in letters) or self.last
        return [reply for _, reply in letters]


@dataclass(frozen=True, slots=True)
class Stage:
    """Prints what happens, each side in its colour."""

    out: Console

    def person(self, who: str, content: str) -> None:
        """What somebody wrote or tapped."""
        self.out.print(f"[bold]{who}[/bold] ▸ {content}", highlight=False)

    def bot(self, reply: Reply) -> None:
        """What was answered, with its buttons."""
        buttons = "  ".join(f"[{number}] {b.title}" for number, b in enumerate(reply.buttons, 1))
        text = reply.text + (f"\n\n{buttons}" if buttons else "")
        self.out.print(Panel(text.replace("[", "\\["), border_style="cyan", width=72))

    def heading(self, text: str) -> None:
        """A new scene."""
        self.out.print(Rule(text))


def play(turns: Turns, script: Path, out: Console) -> None:
    """Plays every scene of `script` (data/demo.yml). Raises `RightdoorError` when the story does not go as it must."""
    story = _story(script)
    stage, numbers = Stage(out), count(1)
    crew = {row["agency"]: _enrol(turns, row, numbers) for row in story["staff"]}
    for index, scene in enumerate(story["scenes"], 1):
        stage.heading(f"{index}. {scene['title']['zh']} · {scene['title']['en']}")
        _scene(turns, stage, scene, crew, Player(turns, f"mother-{index}", numbers))


@cache
def scenes(script: Path) -> Sequence[Mapping[str, Any]]:
    """The scenes of `script` (data/demo.yml), read once: a list that a newcomer looks at asks for them each time."""
    found: Sequence[Mapping[str, Any]] = _story(script)["scenes"]
    return found


def tell(turns: Turns, scene: Mapping[str, Any]) -> None:
    """The mother's side of a scene only, with nothing shown: whoever works here has it in their own list."""
    _interview(Stage(Console(quiet=True)), scene, Player(turns, f"demo-{token_hex(8)}", count(1)))


def _story(script: Path) -> dict[str, Any]:
    story: dict[str, Any] = YAML(typ="safe", pure=True).load(script.read_text(encoding="utf-8"))
    return story


def _enrol(turns: Turns, row: Mapping[str, str], numbers: Iterator[int]) -> Player:
    """Somebody at an agency, enrolled by a one-time code like everybody else."""
    services = turns.services
    now = services.clock()
    with services.store.work() as work:
        county = services.directory.agency(row["agency"]).place[:6]
        code = work.staff.invite(row["role"], row["agency"], county, "", now.replace(year=now.year + 1), now)
    player = Player(turns, row["agency"], numbers)
    player.says(Press(f'/start{{"code":"{code}"}}'))
    player.mail()
    return player


def _scene(turns: Turns, stage: Stage, scene: Mapping[str, Any], crew: Mapping[str, Player], mother: Player) -> None:
    result = _interview(stage, scene, mother)
    _decision(turns, result, stage.out)
    mother.mail()
    for agency, worker in crew.items():
        for letter in worker.mail():
            stage.heading(turns.services.directory.agency(agency).name["zh"])
            stage.bot(letter)
    _accepted(stage, crew[scene["accepts"]], mother)
    _history(turns, result, stage.out)


def _interview(stage: Stage, scene: Mapping[str, Any], mother: Player) -> TurnResult:
    """The mother's side, until nothing is left to ask."""
    content: Content = Text(scene["writes"])
    shown = scene["writes"]
    for _ in range(LONGEST):
        stage.person("妈妈", shown)
        result = mother.says(content)
        for reply in result.replies:
            stage.bot(reply)
        asked = result.state["asked"]
        if asked is None:
            return result
        content, shown = _answer(asked["fact"], scene, mother)
    raise RightdoorError("the demo's interview does not end")


def _answer(asked: str, scene: Mapping[str, Any], mother: Player) -> tuple[Content, str]:
    """What she answers: words, or a button found by what it says."""
    if asked in scene["answers"]:
        words = scene["answers"][asked]
        titles = [b for reply in mother.last for b in reply.buttons if b.title == words]
        return (Press(titles[0].payload), f"[{words}]") if titles else (Text(words), words)
    for reply in reversed(mother.last):
        for button in reply.buttons:
            if hers(button.payload, scene):
                return Press(button.payload), f"[{button.title}]"
    raise RightdoorError(f"the demo has no answer for {asked!r}")


def hers(payload: str, scene: Mapping[str, Any]) -> bool:
    """Whether a button says what she answers in this scene."""
    said = answer_of(payload)
    return bool(said) and all(scene["presses"].get(fact) == value for fact, value in said.items())


def _decision(turns: Turns, result: TurnResult, out: Console) -> None:
    """What was decided and on what basis."""
    decision = result.state["decision"]
    teller = turns.services.teller("zh", turns.services.clock())
    table = Table(
        "for", "lead", "also", "act within", title=f"risk {decision['risk']} · rows {', '.join(decision['rows'])}"
    )
    for part in decision["parts"]:
        also = "、".join(teller.service(service) for service in part["also"])
        within = "—" if part["act_within_minutes"] is None else f"{part['act_within_minutes']} min"
        table.add_row(
            turns.services.policy.label("audiences", part["for"], "zh"), teller.service(part["lead"]), also, within
        )
    out.print(table)
    for cited in decision["basis"]:
        out.print(f"  · {cited['law']} {cited['article']}", style="dim", highlight=False)


def _accepted(stage: Stage, worker: Player, mother: Player) -> None:
    """The worker takes it on; the mother gets a neutral notice and opens it."""
    accept = worker.button("accept")
    stage.person(worker.chat, f"[{accept.title}]")
    for reply in worker.says(Press(accept.payload)).replies:
        stage.bot(reply)
    worker.mail()
    for notice in mother.mail():
        stage.heading("妈妈")
        stage.bot(notice)
        for reply in mother.says(Press(mother.button("/show").payload)).replies:
            stage.bot(reply)
    mother.mail()


def _history(turns: Turns, result: TurnResult, out: Console) -> None:
    """What happened to the referral, move by move."""
    services = turns.services
    with services.store.work() as work:
        case = work.cases.of_part(result.state["referrals"][0]["id"])
        events = work.cases.timeline(case.id) if case else ()
    for event in events:
        out.print(
            f"{event.at:%H:%M:%S}  {event.part[:4]}  {event.move}: {event.before} → {event.after}", highlight=False
        )
