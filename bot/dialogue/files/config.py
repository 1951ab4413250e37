"""config.yml: the policy's settings and what pre-empts every turn; its pipeline is read in `pipeline.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.dialogue.files.node import Node
from bot.dialogue.files.skipping import Skipping
from bot.dialogue.model.domain import Domain
from bot.dialogue.model.names import DEFAULT_FALLBACK

# What Rasa's config.yml may hold besides: who reads the data, and a recipe of one's own.
UNSUPPORTED_KEYS = ("importers", "train_schema", "predict_schema", "core_target", "nlu_target")
CONFIG_KEYS = ("version", "recipe", "assistant_id", "language", "pipeline", "policies", "rightdoor")
# Of these, priority, threshold and score decide between policies, and there is one here; RulePolicy sees all history.
POLICY_KEYS = (
    "name",
    "priority",
    "core_fallback_threshold",
    "use_nlu_confidence_as_score",
    "max_history",
    "core_fallback_action_name",
    "enable_fallback_prediction",
    "restrict_rules",
    "check_for_contradictions",
)


@dataclass(frozen=True, slots=True)
class Preemption:
    """Whatever is going on, `action` runs first when `slot` holds `value`, or when somebody writes `intent`."""

    action: str
    slot: str | None = None
    value: Any = None
    intent: str | None = None


@dataclass(frozen=True, slots=True)
class PolicySettings:
    """RulePolicy's settings: the action when no rule holds (None: listen), and which checks are made."""

    fallback: str | None = DEFAULT_FALLBACK
    restrict_rules: bool = True
    check_for_contradictions: bool = True


def read_policy(config: Node, domain: Domain, skipping: Skipping) -> PolicySettings:
    """The settings of RulePolicy, the one policy this engine runs; where all others are skipped, its defaults."""
    _check_keys(config, skipping)
    found: PolicySettings | None = None
    for item in config.child("policies").items():
        with skipping:
            name = item.child("name")
            if name.word().rsplit(".", 1)[-1] != "RulePolicy":
                raise name.unsupported(f"policy {name.value} is not supported: this engine runs rules (RulePolicy)")
            found = _rule_policy(item, domain)
    if found is None:
        with skipping:
            message = "no RulePolicy is configured, and Rasa would add policies that learn"
            raise config.child("policies").unsupported(f"{message}; write `policies: [{{name: RulePolicy}}]`")
    return found or PolicySettings()


def _check_keys(config: Node, skipping: Skipping) -> None:
    recipe = config.reads((*CONFIG_KEYS, *UNSUPPORTED_KEYS)).child("recipe")
    with skipping:
        if recipe.value not in (None, "default.v1"):
            raise recipe.unsupported(f"recipe {recipe.value!r} is not supported; this engine reads default.v1")
    for key in UNSUPPORTED_KEYS:
        with skipping:
            if config.has(key):
                raise config.child(key).unsupported(f"`{key}` is not supported; this engine reads default.v1")


def _rule_policy(item: Node, domain: Domain) -> PolicySettings:
    action = item.reads(POLICY_KEYS).child("core_fallback_action_name")
    if action.value is not None and action.word() not in domain.actions:
        raise action.unknown("action", domain.actions)
    enabled = item.child("enable_fallback_prediction").flag(default=True)
    return PolicySettings(
        fallback=(action.value or DEFAULT_FALLBACK) if enabled else None,
        restrict_rules=item.child("restrict_rules").flag(default=True),
        check_for_contradictions=item.child("check_for_contradictions").flag(default=True),
    )


def read_preemptions(config: Node, domain: Domain) -> tuple[Preemption, ...]:
    """`rightdoor: {preempt: […]}`; a project without it is plain Rasa."""
    own = config.child("rightdoor")
    return tuple(_preemption(item, domain) for item in own.child("preempt").items()) if own.value else ()


def _preemption(item: Node, domain: Domain) -> Preemption:
    action = item.only(("slot", "is", "intent", "action")).child("action")
    if action.word() not in domain.actions:
        raise action.unknown("action or response", domain.actions)
    if item.has("intent") == item.has("slot") or item.has("slot") != item.has("is"):
        raise item.refuse("what pre-empts is {slot: …, is: …, action: …} or {intent: …, action: …}")
    if item.has("intent"):
        return Preemption(action.word(), intent=item.child("intent").known("intent", domain.intents))
    return Preemption(action.word(), item.child("slot").known("slot", domain.slots.slots), item.child("is").value)
