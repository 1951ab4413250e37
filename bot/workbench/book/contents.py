"""Everything that stands in the book, gathered once, before a template sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.decisions import Policy, Risk
from bot.decisions.decision import Citation
from bot.decisions.row import Row
from bot.replies.texts import LANGUAGES
from bot.workbench.book.examples import Example, examples
from bot.workbench.book.index import Index
from bot.workbench.book.later import Promise, Rung, contacts, placement, safeguards, step_of
from bot.workbench.book.laws import CitedArticle, Law, by_citation, laws
from bot.workbench.book.proofs import Proof, proofs
from bot.workbench.check import Finding
from bot.workbench.draw import Panel, Pen, interview_panels, table_panels, tables
from bot.workbench.sayings import Sayings
from bot.workbench.texts import BookTexts

PAGE = 630.0  # the height of a picture below a heading on a landscape A4 page, in its own pixels


def ordered(found: Mapping[str, tuple[Row, ...]], texts: BookTexts) -> Mapping[str, tuple[Row, ...]]:
    """The tables in the order in which `data/book.yml` names them, then those it does not name."""
    named = [name.removeprefix("themes.") for name in texts.sentences if name.startswith("themes.")]
    return {name: found[name] for name in (*named, *(n for n in found if n not in named)) if name in found}


@dataclass(frozen=True, slots=True)
class Contents:
    """The policy and all that was gathered about it; `pens` speak one language each."""

    policy: Policy
    today: date
    pens: Mapping[str, Pen]
    index: Index
    tables: Mapping[str, tuple[Row, ...]]
    laws: tuple[Law, ...]
    cited: Mapping[Citation, tuple[Law, CitedArticle]]
    examples: Mapping[str, tuple[Example, ...]]
    safeguards: tuple[Promise, ...]
    placement: tuple[Rung, ...]
    proofs: tuple[Proof, ...]

    @classmethod
    def gather(cls, project: Path, rules: Path, findings: Iterable[Finding], today: date) -> Contents:
        """Reads and looks everything up. Raises `RuleFileError` for anything that cannot be read."""
        policy, texts = Policy.load(rules), BookTexts.load(project / "data" / "book.yml")
        sayings = Sayings.load(project / "data" / "domain", policy.vocabulary, texts)
        known = laws(rules, policy.base.basis)
        return cls(
            policy=policy,
            today=today,
            pens={language: Pen(policy.base, sayings, texts, language) for language in LANGUAGES},
            index=Index.of(policy.rows),
            tables=ordered(tables(policy.rows), texts),
            laws=known,
            cited=by_citation(known),
            examples=examples(rules, policy, sayings),
            safeguards=safeguards(policy.base, rules),
            placement=placement(policy.base),
            proofs=proofs(findings, texts),
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything `check` found."""
        return tuple(finding for proof in self.proofs for finding in proof.findings)

    @property
    def open_points(self) -> tuple[tuple[str, tuple[Row, ...]], ...]:
        """What a lawyer should look at first: doubts, sources nobody has read, and the product's own rules."""
        return (
            ("doubt", tuple(row for row in self.policy.rows if row.doubt)),
            ("unverified", tuple(row for row in self.policy.rows if row.unverified)),
            ("product_rule", tuple(row for row in self.policy.rows if row.product_rule)),
        )

    @property
    def levels(self) -> tuple[Risk, ...]:
        """Every risk, the gravest first."""
        return tuple(sorted(Risk, reverse=True))

    @property
    def checked(self) -> bool:
        """Whether `check` could look at everything."""
        return all(proof.checked for proof in self.proofs)

    def refuted(self, promise: Promise) -> bool:
        """Whether `check` found something against a safeguard."""
        return any(finding.where == promise.where for finding in self.findings)

    def interview(self, language: str) -> tuple[Panel, ...]:
        """The pictures of the interview, each on a page."""
        return interview_panels(self.pens[language], PAGE)

    def picture(self, table: str, language: str) -> tuple[Panel, ...]:
        """The pictures of one table, each on a page."""
        return table_panels(self.pens[language], table, self.tables[table], PAGE)

    @property
    def dated(self) -> bool:
        """Whether the follow-up plans have dates."""
        return any(self.contacts(plan) for plan in self.policy.base.words.labels["follow_ups"])

    def contacts(self, plan: str) -> Mapping[str, tuple[float, ...]]:
        """When somebody looks in again under a follow-up plan, in minutes, by visit and call."""
        return contacts(self.policy.base, plan)

    def step(self, row: Row) -> Rung | None:
        """The step of the placement ladder that a row speaks of."""
        return next((rung for rung in self.placement if rung.name == step_of(row)), None)

    def examples_beside(self, table: str) -> tuple[Example, ...]:
        """The cases beside a table."""
        return self.examples.get(table, ())
