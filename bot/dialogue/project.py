"""A Rasa project, read and compiled once.

project = Project.load("family-bot")
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.files.config import Preemption, read_pipeline, read_policy, read_preemptions
from bot.dialogue.files.domain import read_domain
from bot.dialogue.files.merging import DOMAIN_KEYS, TRAINING_KEYS, checked
from bot.dialogue.files.nlu import read_nlu
from bot.dialogue.files.node import Node
from bot.dialogue.files.rules import read_rules, skip_stories
from bot.dialogue.files.skipping import Skipping
from bot.dialogue.findings import Finding
from bot.dialogue.model.domain import Domain
from bot.dialogue.policy.checks import check_complete, check_length
from bot.dialogue.policy.contradictions import check_contradictions
from bot.dialogue.policy.examples import examples, frame_of
from bot.dialogue.policy.policy import RulePolicy
from bot.dialogue.policy.rules import Rule
from bot.dialogue.understanding.components import Component
from bot.errors import ProjectFileError, Where

# Where a project keeps its domain, the first that is there.
DOMAIN_PLACES = ("domain.yml", "domain.yaml", "domain", "data/domain")
_TOP_LEVEL = re.compile(
    rf"^(({'|'.join((*DOMAIN_KEYS, *TRAINING_KEYS))})\s*:|version\s*:\s*[\"']?[23]\.\d)", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Project:
    """What a folder of Rasa files says, ready to be talked to through an `Assistant`.

    `skipped` is what it asks for that this engine does not do, where that was to be ignored.
    """

    domain: Domain
    rules: tuple[Rule, ...]
    policy: RulePolicy
    pipeline: tuple[Component, ...]
    preemptions: tuple[Preemption, ...]
    skipped: tuple[Finding, ...] = ()

    @classmethod
    def load(
        cls,
        folder: Path | str,
        *,
        domain: Path | str | None = None,
        data: Path | str | None = None,
        config: Path | str | None = None,
        ignore_unsupported: bool = False,
    ) -> Project:
        """Reads the project in `folder`; the keywords name its parts when they are elsewhere.

        What this engine does not do (stories, policies that learn …) is refused, or, where it is to be ignored, listed
        in `skipped`; a rule that needs it is skipped whole.

        Raises `ProjectFileError` with file, line and the nearest known word, for whatever cannot be obeyed in full.
        """
        root, skipping = Path(folder), Skipping(ignore=ignore_unsupported)
        domain_files = _files(root, _domain_place(root, domain))
        data_files = [f for f in _files(root, _data_place(root, data)) if f.where.file not in _names(domain_files)]
        settings = Node.of_file(root / (config or "config.yml"), Path(config or "config.yml"))
        for file in (*domain_files, *data_files):
            checked(file, skipping)
        return cls._compiled(domain_files, data_files, settings, skipping)

    @classmethod
    def _compiled(
        cls, domain_files: Sequence[Node], data_files: Sequence[Node], config: Node, skipping: Skipping
    ) -> Project:
        files = [*domain_files, *data_files]
        skip_stories(files, skipping)
        domain = read_domain([*domain_files, *(file for file in data_files if file.has("responses"))], skipping)
        settings = read_policy(config, domain, skipping)
        rules = read_rules(files, domain, skipping)
        frame = frame_of(domain, rules)
        policy = RulePolicy(frame, [e for rule in rules for e in examples(rule, frame)], settings.fallback)
        if settings.restrict_rules:
            check_length(rules)
        if settings.check_for_contradictions:
            check_complete(rules, frame)
            check_contradictions(rules, policy)
        pipeline = read_pipeline(config, read_nlu(files, domain), skipping)
        return cls(domain, rules, policy, pipeline, read_preemptions(config, domain), tuple(skipping.found))


def _domain_place(root: Path, given: Path | str | None) -> Path:
    places = [root / place for place in ((given,) if given else DOMAIN_PLACES)]
    found = next((place for place in places if place.exists()), None)
    if found is None:
        raise ProjectFileError(f"no domain: looked for {', '.join(str(_shown(p, root)) for p in places)}", Where(root))
    return found


def _data_place(root: Path, given: Path | str | None) -> Path:
    place = root / (given or "data")
    if not place.exists():
        raise ProjectFileError("there is no such folder of rules and examples", Where(_shown(place, root)))
    return place


def _files(root: Path, place: Path) -> list[Node]:
    """The Rasa files at a place, by name. A YAML file with none of Rasa's top-level keys is somebody else's.

    One that states Rasa's format version is Rasa's, so that a misspelt key in it is noticed.
    """
    paths = [place] if place.is_file() else sorted(_yaml_below(place))
    return [Node.of_file(path, _shown(path, root)) for path in paths if place.is_file() or _is_rasa(path)]


def _yaml_below(folder: Path) -> Iterator[Path]:
    for pattern in ("*.yml", "*.yaml"):
        yield from (path for path in folder.rglob(pattern) if not path.name.startswith("test_"))


def _is_rasa(path: Path) -> bool:
    return _TOP_LEVEL.search(path.read_text(encoding="utf-8-sig", errors="replace")) is not None


def _shown(path: Path, root: Path) -> Path:
    return path.relative_to(root) if path.is_relative_to(root) else path


def _names(files: Iterable[Node]) -> set[Path | str]:
    return {file.where.file for file in files}
