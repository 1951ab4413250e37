"""Real Rasa, kept alive for many projects: one case a line in, what happened a line out. Runs in Rasa's own Python 3.10."""

import asyncio
import faulthandler
import json
import logging
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import scripted

NOW = time.time
OFFSET = [0.0]
time.time = lambda: NOW() + OFFSET[0]
os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ["RASA_MAX_CACHE_SIZE"] = "0"

CALLS = []
# No turn takes that long unless Rasa goes round in circles.
SECONDS = 5
# Nor does a whole case; then this process ends, and whoever drives it starts another.
CASE_SECONDS = 20


class Hanging(BaseException):
    """A turn that does not end."""


def _hang(*_):
    raise Hanging


def endpoint(case):
    from rasa.utils.endpoints import ClientResponseError, EndpointConfig

    class Scripted(EndpointConfig):
        async def request(self, json=None, **_):
            call = _plain(json)
            CALLS.append(scripted.seen(call))
            try:
                return scripted.play(case["actions"][call["next_action"]], call)
            except scripted.Rejected as rejected:
                raise ClientResponseError(
                    400, "rejected", '{"action_name": "%s", "error": "no"}' % rejected
                ) from rejected

    return Scripted(url="http://in.process")


def _plain(call):
    return json.loads(json.dumps(call, default=str))


def train(folder):
    import rasa

    folder = Path(folder)
    domain = next(p for p in ("domain.yml", "domain") if (folder / p).exists())
    return rasa.train(
        domain=str(folder / domain),
        config=str(folder / "config.yml"),
        training_files=str(folder / "data"),
        output=str(folder / "models"),
        fixed_model_name="model",
    ).model


class _Parts:
    """Rasa's own parts without the graph that runs them in parallel: reading, training and predicting are Rasa's."""

    def __init__(self, folder):
        from rasa.core.policies.ensemble import DefaultPolicyPredictionEnsemble
        from rasa.core.policies.rule_policy import RulePolicy
        from rasa.engine.graph import ExecutionContext, GraphSchema
        from rasa.engine.storage.local_model_storage import LocalModelStorage
        from rasa.engine.storage.resource import Resource
        from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
        from rasa.nlu.classifiers.keyword_intent_classifier import KeywordIntentClassifier
        from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
        from rasa.shared.core.domain import Domain
        from rasa.shared.core.generator import TrainingDataGenerator
        from rasa.shared.importers.importer import TrainingDataImporter
        from rasa.shared.utils.io import read_yaml_file

        folder = Path(folder)
        importer = TrainingDataImporter.load_from_config(
            str(folder / "config.yml"), str(folder / "domain.yml"), [str(folder / "data")]
        )
        domain = importer.get_domain()
        if domain.is_empty():
            raise ValueError("no domain")
        config = read_yaml_file(folder / "config.yml")
        storage = LocalModelStorage.create(folder / "store") if (folder / "store").mkdir() is None else None
        context = ExecutionContext(GraphSchema({}), "model")
        settings = {k: v for k, v in config["policies"][0].items() if k != "name"}
        if importer.get_stories().is_empty():
            raise ValueError("no rules")
        trackers = TrainingDataGenerator(importer.get_stories(), domain, augmentation_factor=50).generate()
        self.policy = RulePolicy({**RulePolicy.get_default_config(), **settings}, storage, Resource("rules"), context)
        self.policy.train(trackers, domain)
        self.domain = Domain.from_dict(domain.as_dict())
        self.ensemble, self.regex, self.pipeline = DefaultPolicyPredictionEnsemble(), RegexMessageHandler(), []
        for component in config["pipeline"]:
            settings = {k: v for k, v in component.items() if k != "name"}
            if component["name"] == "KeywordIntentClassifier":
                made = KeywordIntentClassifier(
                    {**KeywordIntentClassifier.get_default_config(), **settings}, storage, Resource("words"), context
                )
                made.train(importer.get_nlu_data())
                self.pipeline.append(made)
            elif component["name"] == "FallbackClassifier":
                self.pipeline.append(FallbackClassifier({**FallbackClassifier.get_default_config(), **settings}))

    def parse(self, message, *_, **__):
        from rasa.shared.nlu.training_data.message import Message

        heard = Message({"text": message.text})
        for component in self.pipeline:
            component.process([heard])
        understood = self.regex.process([heard], self.domain)[0]
        data = {"text": "", "intent": {"name": None, "confidence": 0.0}, "entities": []}
        data.update(understood.as_dict(only_output_properties=True))
        return {**data, "text": message.text}

    def predict(self, tracker):
        wanted = tracker.followup_action
        if wanted:
            from rasa.core.policies.policy import PolicyPrediction

            tracker.clear_followup_action()
            if wanted in self.domain.action_names_or_texts:
                return PolicyPrediction.for_action_name(self.domain, wanted, "followup_action")
        prediction = self.policy.predict_action_probabilities(tracker, self.domain)
        return self.ensemble.combine_predictions([prediction], tracker, self.domain)


def load_quickly(folder, endpoint):
    """An agent's processor made of Rasa's parts; ten times sooner there than through `rasa.train`."""
    from types import SimpleNamespace

    from rasa.core.lock_store import InMemoryLockStore
    from rasa.core.nlg.generator import NaturalLanguageGenerator
    from rasa.core.processor import MessageProcessor
    from rasa.core.tracker_store import InMemoryTrackerStore
    from rasa.model_training import TrainingType

    parts = _Parts(folder)
    made = MessageProcessor.__new__(MessageProcessor)
    made.__dict__.update(
        nlg=NaturalLanguageGenerator.create(None, parts.domain),
        tracker_store=InMemoryTrackerStore(parts.domain),
        lock_store=InMemoryLockStore(),
        max_number_of_predictions=10,
        on_circuit_break=None,
        action_endpoint=endpoint,
        model_metadata=SimpleNamespace(training_type=TrainingType.BOTH, model_id="m", assistant_id="a"),
        domain=parts.domain,
        http_interpreter=None,
        _parse_message_with_graph=parts.parse,
        _predict_next_with_tracker=parts.predict,
    )
    return made


def said(event):
    data = {key: value for key, value in event.data.items() if value}
    if data.get("attachment") == data.get("image"):
        data.pop("attachment", None)
    return {key: value for key, value in {"text": event.text, **data}.items() if value}


def _saving(store, saved):
    """Keeps the tracker of a turn as it is saved: a store may forget what was before the session."""

    async def save_tracker(tracker):
        saved.append(tracker)
        await store.save(tracker)

    return save_tracker


async def walk(agent, sender, messages):
    from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
    from rasa.shared.core.events import ActionExecuted, BotUttered

    turns = []
    processor = getattr(agent, "processor", agent)
    for text in messages:
        if isinstance(text, dict):
            OFFSET[0] += text["minutes"] * 60
            continue
        CALLS.clear()
        error = None
        before = len((await agent.tracker_store.get_or_create_tracker(sender, append_action_listen=False)).events)
        saved = []
        processor.save_tracker = _saving(agent.tracker_store, saved)
        signal.alarm(SECONDS)
        try:
            await agent.handle_message(UserMessage(text, CollectingOutputChannel(), sender))
        except BaseException as problem:
            error = f"{type(problem).__name__}: {problem}"
        signal.alarm(0)
        if not saved:
            return [*turns, {"user": text, "error": error}]
        tracker = saved[0]
        events = list(tracker.events)[before:]
        turns.append(
            {
                "user": text,
                "replies": [said(event) for event in events if isinstance(event, BotUttered)],
                "actions": [event.action_name for event in events if isinstance(event, ActionExecuted)],
                "slots": {k: v for k, v in tracker.current_slot_values().items() if k not in scripted.HIDDEN},
                "loop": tracker.active_loop_name,
                "calls": list(CALLS),
                "error": error,
            }
        )
    return turns


async def play(case):
    from rasa.core.agent import Agent

    with tempfile.TemporaryDirectory() as folder:
        scripted.write(case, folder)
        try:
            if case.get("quick"):
                agent = load_quickly(folder, endpoint(case))
            else:
                model = train(folder)
                if model is None:
                    return {"refused": "no model"}
                agent = Agent.load(model, action_endpoint=endpoint(case))
        except BaseException as error:
            return {"refused": f"{type(error).__name__}: {error}"}
        return {"walks": [await walk(agent, f"walk-{n}", messages) for n, messages in enumerate(case["walks"])]}


def remember():
    """Answers once what Rasa asks again and again: the same file, the same list of classes. Meaning stays; time halves."""
    import copy
    import functools
    import inspect

    import rasa.shared.core.events
    import rasa.shared.utils.common
    import rasa.shared.utils.io

    real = rasa.shared.utils.io.read_yaml
    read = functools.lru_cache(maxsize=256)(
        lambda content, kind: real(content, reader_type=list(kind) if isinstance(kind, tuple) else kind)
    )

    def read_yaml(content, reader_type="safe"):
        kind = tuple(reader_type) if isinstance(reader_type, list) else reader_type
        return copy.deepcopy(read(content, kind)) if isinstance(content, str) else real(content, reader_type)

    rasa.shared.utils.io.read_yaml = read_yaml
    subclasses = functools.lru_cache(maxsize=256)(rasa.shared.utils.common.all_subclasses)
    rasa.shared.utils.common.all_subclasses = lambda cls: list(subclasses(cls))
    inspect.getsource = functools.lru_cache(maxsize=1024)(inspect.getsource)


def quiet():
    import warnings

    warnings.simplefilter("ignore")
    from rasa.core.actions.action import RemoteAction
    from rasa.utils.log_utils import configure_structlog

    RemoteAction._validate_action_result = lambda self, result: True
    remember()
    configure_structlog(logging.CRITICAL)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")


def main():
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    quiet()
    signal.signal(signal.SIGALRM, _hang)
    out.write('"ready"\n')
    out.flush()
    for line in sys.stdin:
        faulthandler.dump_traceback_later(CASE_SECONDS, exit=True)
        result = asyncio.run(play(json.loads(line)))
        out.write(json.dumps(result, ensure_ascii=False, default=str) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
