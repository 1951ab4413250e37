"""A Rasa project, read and compiled once.

project = Project.load("family-bot")
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.checking.forms import refuse_endless_forms
from bot.dialogue.checking.material import Material
from bot.dialogue.checking.warnings import warnings_of
from bot.dialogue.files.config import Preemption, read_policy, read_preemptions
from bot.dialogue.files.domain import read_domain
from bot.dialogue.files.merging import checked
from bot.dialogue.files.nlu import read_nlu, retrieval_intents
from bot.dialogue.files.node import Node
from bot.dialogue.files.pipeline import Learning, Progress, check_selected, read_pipeline
from bot.dialogue.files.places import config_file, data_files, domain_files
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


@dataclass(frozen=True, slots=True)
class Project:
    """What a folder of Rasa files says, ready to be talked to through an `Assistant`.

    `skipped` is what it asks for that this engine does not do, where that was to be ignored; `warnings` are what its
    author may have got wrong all the same (names nobody uses, forms that cannot fill a slot …).
    """

    domain: Domain
    rules: tuple[Rule, ...]
    policy: RulePolicy
    pipeline: tuple[Component, ...]
    preemptions: tuple[Preemption, ...]
    skipped: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()

    @classmethod
    def load(
        cls,
        folder: Path | str,
        *,
        domain: Path | str | None = None,
        data: Path | str | None = None,
        config: Path | str | None = None,
        ignore_unsupported: bool = False,
        cache: Path | str | None = None,
        progress: Progress | None = None,
    ) -> Project:
        """Reads the project in `folder`; the keywords name its parts when they are elsewhere.

        What this engine does not do (stories, policies that learn …) is refused, or, where it is to be ignored, listed
        in `skipped`; a rule that needs it is skipped whole.

        What the pipeline learns is kept in the folder `cache`, by content, if there is one. `progress` is told before each
        component its name, how many are done and how many there are, and at the end `""`.

        Raises `ProjectFileError` with file, line and the nearest known word, for whatever cannot be obeyed in full.
        """
        root, skipping = Path(folder), Skipping(ignore=ignore_unsupported)
        of_domain = [file.listing(skipping) for file in domain_files(root, domain)]
        of_data = [file.listing(skipping) for file in data_files(root, data, of_domain)]
        for file in (*of_domain, *of_data):
            checked(file, skipping)
        learning = Learning(root, Path(cache) if cache else None, progress)
        return cls._compiled(of_domain, of_data, config_file(root, config).listing(skipping), skipping, learning)

    @classmethod
    def _compiled(
        cls, of_domain: Sequence[Node], of_data: Sequence[Node], config: Node, skipping: Skipping, learning: Learning
    ) -> Project:
        files = [*of_domain, *of_data]
        skip_stories(files, skipping)
        declaring = [*of_domain, *(file for file in of_data if file.has("responses"))]
        domain = read_domain(declaring, skipping, retrieval_intents(files))
        settings = read_policy(config, domain, skipping)
        rules = read_rules(files, domain, skipping)
        frame = frame_of(domain, rules)
        taught = [example for rule in rules for example in examples(rule, frame)]
        policy = RulePolicy(frame, taught, settings.fallback)
        if settings.restrict_rules:
            check_length(rules)
        if settings.check_for_contradictions:
            check_complete(rules, frame)
            check_contradictions(rules, policy)
        learned, preemptions = read_nlu(files, domain), read_preemptions(config, domain)
        pipeline = read_pipeline(config, learned, skipping, learning)
        check_selected(rules, domain, pipeline, skipping)
        material = Material(files, domain, rules, taught, learned, preemptions, settings.fallback)
        refuse_endless_forms(material)
        return cls(domain, rules, policy, pipeline, preemptions, tuple(skipping.found), warnings_of(material))
