"""`pipeline` of config.yml into the components that run for every message, trained.

Order matters as in Rasa (rasa `engine/validation.py`, `graph_components/validators/default_recipe_validator.py`):
whoever needs words stands after a tokenizer, whoever learns after a featurizer, whoever doubts after a classifier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.dialogue.files.component_names import (
    CLASSIFIER,
    FEATURIZER,
    INSTEAD,
    KINDS,
    NEEDS,
    TOKENIZER,
    UNSPACED,
    USUAL,
)
from bot.dialogue.files.lined_yaml import LinedDict
from bot.dialogue.files.making import MAKERS, Workshop
from bot.dialogue.files.node import Node
from bot.dialogue.files.settings import read_settings
from bot.dialogue.files.skipping import Skipping
from bot.dialogue.model.domain import Domain
from bot.dialogue.model.names import UTTER
from bot.dialogue.policy.rules import Rule
from bot.dialogue.understanding.cache import Cache
from bot.dialogue.understanding.components import Component
from bot.dialogue.understanding.lessons import School, TokenizerSettings
from bot.dialogue.understanding.selecting import ResponseSelector
from bot.dialogue.understanding.training import TrainingData
from bot.errors import UnsupportedError, did_you_mean

# Told before each component with its name, how many are done, and how many there are; with "" at the end.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Learning:
    """How a pipeline is made: `folder` is where paths in it begin, `cache` where what was learned is kept."""

    folder: Path
    cache: Path | None = None
    progress: Progress | None = None

    def tell(self, name: str, done: int, total: int) -> None:
        """Tells whoever waits how far it is."""
        if self.progress is not None:
            self.progress(name, done, total)


@dataclass(slots=True)
class Pipeline:
    """What was read so far, and what is made of it."""

    workshop: Workshop
    language: str | None
    before: dict[str, Node | None] = field(default_factory=dict)

    def read(self, item: Node) -> Iterator[Component]:
        """The component of one item; none for a tokenizer or featurizer, through which others read."""
        name = self._supported(item.child("name"))
        settings = read_settings(item, name)
        self._check_order(item.child("name"), name)
        self.before.setdefault(KINDS[name], item)
        component = MAKERS[name](self.workshop, item, settings)
        if component is not None:
            yield component

    def _supported(self, node: Node) -> str:
        name = node.word().rsplit(".", 1)[-1] if node.word().startswith("rasa.") else node.word()
        if name in KINDS:
            return name
        for kind, ending in ((TOKENIZER, "Tokenizer"), (FEATURIZER, "Featurizer"), (CLASSIFIER, "Classifier")):
            if name.endswith(ending):
                self.before.setdefault(kind, None)
        if name in INSTEAD:
            raise node.unsupported(f"component {name} is not supported: {INSTEAD[name]}")
        raise node.unsupported(
            f"component {name} is not supported{did_you_mean(name, KINDS)}; these are: {', '.join(KINDS)}"
        )

    def _check_order(self, node: Node, name: str) -> None:
        """As Rasa's graph validation; one that was skipped counts as being there."""
        need = NEEDS.get(name)
        if need is not None and need not in self.before:
            raise node.refuse(f"{name} needs a {need} before it in the pipeline".replace("a intent", "an intent"))
        other = self.before.get(TOKENIZER)
        if KINDS[name] == TOKENIZER and other is not None:
            raise node.refuse(f"a pipeline has one tokenizer; the other one is in {other.where}")
        unspaced = self.language in UNSPACED
        if (name == "WhitespaceTokenizer" and unspaced) or (
            name == "JiebaTokenizer" and self.language not in {None, "zh"}
        ):
            raise node.refuse(f"{name} does not support language {self.language!r}, as in Rasa")


def read_pipeline(
    config: Node,
    data: TrainingData,
    skipping: Skipping,
    learning: Learning,
) -> tuple[Component, ...]:
    """The components in order, trained; none where nlu.yml says nothing, as Rasa then trains no pipeline.

    Raises `ProjectFileError` for what is unknown, unsupported or in the wrong order.
    """
    spoken = config.child("language")
    language = None if spoken.value is None else spoken.word()
    written = config.child("pipeline")
    items = list(written.items() if written.value is not None else _usual(config))
    jieba = language == UNSPACED[0]
    stand_in = TokenizerSettings("JiebaTokenizer" if jieba else "WhitespaceTokenizer")
    pipeline = Pipeline(Workshop(School(data, Cache(learning.cache), stand_in), learning.folder), language)
    components: list[Component] = []
    for done, item in enumerate(items):
        with skipping:
            learning.tell(str(item.child("name").value), done, len(items))
            components += pipeline.read(item)
    learning.tell("", len(items), len(items))
    taught = data.examples or data.patterns or data.tables or data.synonyms
    return tuple(components) if taught else ()


def check_selected(rules: Iterable[Rule], domain: Domain, pipeline: Iterable[Component], skipping: Skipping) -> None:
    """Refuses a rule that says whichever response fits (`utter_faq`) when nothing in the pipeline would choose it.

    Rasa trains such a project, and says nothing there.
    """
    selectors = [part.retrieval_intent for part in pipeline if isinstance(part, ResponseSelector)]
    for rule in rules:
        for name in domain.choices.intersection(event["name"] for event in rule.events if event["event"] == "action"):
            intent = name.removeprefix(UTTER)
            if not {intent, None} & set(selectors):
                with skipping:
                    message = f"{name} needs a ResponseSelector for {intent!r} in the pipeline"
                    raise UnsupportedError(message, rule.where)


def _usual(config: Node) -> Iterator[Node]:
    for settings in USUAL:
        item = LinedDict(settings)
        item.lines = {}
        yield Node(item, config.where, "pipeline")
