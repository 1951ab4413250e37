"""Draws rule projects: valid for Rasa more often than not, and full of what real projects rarely combine.

    case = draw(seed)   # {"files": {…}, "actions": {…}, "walks": [[…], …]}

The same seed draws the same project. Runs in Python 3.10 and later.
"""

import random

WORDS = ["alpha", "bravo", "carol", "delta", "echo", "fox", "golf", "hotel", "india", "julia", "kilo", "lima"]
KINDS = ["text", "text", "text", "bool", "categorical", "categorical", "float", "list", "any"]
CATEGORIES = ["red", "Green", "blue"]


def draw(seed):
    """One case."""
    return _Drawer(seed).case()


class _Drawer:
    def __init__(self, seed):
        self.seed = seed
        self.lot = random.Random(f"project {seed}")
        self.actions = {}
        self.rules = []
        self.responses = {}

    # --- small choices ----------------------------------------------------------------------------------------

    def chance(self, probability):
        return self.lot.random() < probability

    def some(self, items, least=0, most=3):
        items = list(items)
        return self.lot.sample(items, min(len(items), self.lot.randint(least, most)))

    def one(self, items):
        return self.lot.choice(list(items))

    # --- the whole --------------------------------------------------------------------------------------------

    def case(self):
        self.intents = [f"i{n}" for n in range(self.lot.randint(5, 12))]
        self.entities = [f"e{n}" for n in range(self.lot.randint(1, 4))]
        self.forms = [f"form_{n}" for n in range(self.lot.choice([0, 1, 1, 2, 3]))]
        self.kinds = {f"s{n}": self.one(KINDS) for n in range(self.lot.randint(2, 6))}
        self.required = {form: self.some(self.kinds, 1, 4) for form in self.forms}
        self.custom = [f"action_{n}" for n in range(self.lot.randint(0, 3))]
        self.restricted = self.chance(0.85)
        self.roles = {e: self.some(["from", "to"], 1, 2) for e in self.entities if self.chance(0.2)}
        self.groups = {e: self.some(["1", "2"], 1, 2) for e in self.entities if self.chance(0.1)}
        self.carries = self.chance(0.7)
        self.minutes = self.one([60, 60, 60, 0, 5])
        self.slots = {name: self._slot(name, kind) for name, kind in self.kinds.items()}
        self.seen = [n for n, s in self.slots.items() if s.get("influence_conversation", s["type"] != "any")]
        self._responses()
        self._script_actions()
        self._draw_rules()
        return {"seed": self.seed, "files": self._files(), "actions": self.actions, "walks": self._walks()}

    def _files(self):
        domain = {
            "version": "3.1",
            "intents": [self._intent(name) for name in self.intents],
            "entities": [self._entity(name) for name in self.entities],
            "slots": self.slots,
            "responses": self.responses,
            "session_config": {
                "session_expiration_time": self.minutes,
                "carry_over_slots_to_new_session": self.carries,
            },
        }
        if self.forms:
            domain["forms"] = {form: self._form(form) for form in self.forms}
        if self.actions:
            domain["actions"] = sorted(self.actions) + self.some(self.responses, 0, 1)
        if self.chance(0.1):
            domain["config"] = {"store_entities_as_slots": self.chance(0.5)}
        return {
            "domain.yml": domain,
            "data/rules.yml": {"version": "3.1", "rules": self.rules},
            "data/nlu.yml": {"version": "3.1", "nlu": self._nlu()},
            "config.yml": self._config(),
        }

    def _config(self):
        policy = {"name": "RulePolicy"}
        if self.chance(0.2):
            policy["enable_fallback_prediction"] = False
        elif self.chance(0.3):
            policy["core_fallback_action_name"] = self.one([*self.responses, *self.custom])
        if not self.restricted:
            policy["restrict_rules"] = False
        if self.chance(0.1):
            policy["check_for_contradictions"] = False
        pipeline = [{"name": "KeywordIntentClassifier"}]
        if self.chance(0.4):
            pipeline.append({"name": "FallbackClassifier", "threshold": 0.6})
        if self.chance(0.3):
            pipeline = [{"name": "WhitespaceTokenizer"}, *pipeline]
        return {
            "recipe": "default.v1",
            "assistant_id": "drawn",
            "language": "en",
            "pipeline": pipeline,
            "policies": [policy],
        }

    def _nlu(self):
        return [
            {"intent": name, "examples": f"- {WORDS[number]}\n- {WORDS[number]} please\n"}
            for number, name in enumerate(self.intents)
        ]

    # --- the domain ------------------------------------------------------------------------------------------

    def _intent(self, name):
        if self.chance(0.75):
            return name
        key = self.one(["use_entities", "ignore_entities"])
        value = self.some(self.entities, 0, 2)
        if key == "use_entities" and self.chance(0.3):
            value = self.chance(0.5)
        return {name: {key: value}}

    def _entity(self, name):
        extra = {}
        if name in self.roles:
            extra["roles"] = self.roles[name]
        if name in self.groups:
            extra["groups"] = self.groups[name]
        if self.chance(0.1):
            extra["influence_conversation"] = False
        return {name: extra} if extra else name

    def _slot(self, name, kind):
        slot = {"type": kind}
        if kind == "categorical":
            slot["values"] = CATEGORIES
        if kind == "float" and self.chance(0.5):
            slot |= {"min_value": 0.0, "max_value": 10.0}
        if kind != "any":
            draw = self.lot.random()
            if draw < 0.3:
                slot["influence_conversation"] = False
            elif draw < 0.5:
                slot["influence_conversation"] = True
        if self.chance(0.12):
            slot["initial_value"] = self._value(kind)
        slot["mappings"] = [self._mapping(name, kind) for _ in range(self.one([1, 1, 1, 2, 3]))]
        return slot

    def _mapping(self, name, kind):
        how = self.one(["from_entity", "from_entity", "from_text", "from_intent", "from_trigger_intent", "custom"])
        mapping = {"type": how}
        if how == "from_entity":
            entity = self.one(self.entities)
            mapping["entity"] = entity
            if entity in self.roles and self.chance(0.5):
                mapping["role"] = self.one(self.roles[entity])
            if entity in self.groups and self.chance(0.5):
                mapping["group"] = self.one(self.groups[entity])
        if how in {"from_intent", "from_trigger_intent"}:
            mapping["value"] = self._value(kind)
        if how == "custom":
            if self.custom and self.chance(0.2):
                mapping["action"] = self.one(self.custom)
            return mapping
        if how == "from_intent" or self.chance(0.35):
            key = "intent" if how == "from_intent" else self.one(["intent", "not_intent"])
            chosen = self.some(self.intents, 1, 2)
            mapping[key] = chosen if self.chance(0.7) else chosen[0]
        elif how == "from_trigger_intent":
            mapping["intent"] = self.one(self.intents)
        owners = [form for form in self.forms if name in self.required[form]]
        if self.forms and self.chance(0.85 if how == "from_text" else 0.4):
            mapping["conditions"] = [
                self._condition(self.one(owners or self.forms), name) for _ in range(self.one([1, 1, 2]))
            ]
        return mapping

    def _condition(self, form, name):
        draw = self.lot.random()
        if draw < 0.1:
            return {"active_loop": None}
        if draw < 0.6:
            return {"active_loop": form}
        return {"active_loop": form, "requested_slot": name if self.chance(0.8) else self.one(self.kinds)}

    def _form(self, form):
        body = {"required_slots": self.required[form]}
        if self.chance(0.25):
            body["ignored_intents"] = self.some(self.intents, 1, 2) if self.chance(0.8) else self.one(self.intents)
        return body

    def _value(self, kind):
        values = {
            "text": ["x", "Some text", ""],
            "bool": [True, False],
            "categorical": ["red", "green", "GREEN", "purple"],
            "float": [0, 0.5, 1, 7, 3.25],
            "list": [["a"], ["a", "b"], []],
            "any": ["x", {"k": [1]}, 5],
        }
        return self.one(values[kind])

    # --- what is said -----------------------------------------------------------------------------------------

    def _responses(self):
        for number in range(self.lot.randint(3, 7)):
            self.responses[f"utter_{number}"] = self._variations(f"r{number}")
        for name in ("utter_default", "utter_restart", "utter_back", "utter_ask_rephrase", "utter_session_start"):
            if self.chance(0.4):
                self.responses[name] = [{"text": name}]
        for form in self.forms:
            for slot in self.required[form]:
                if self.chance(0.5):
                    self.responses[f"utter_ask_{form}_{slot}"] = self._variations(f"{form} asks {slot}")
                if self.chance(0.6):
                    self.responses[f"utter_ask_{slot}"] = self._variations(f"asks {slot}")

    def _variations(self, text):
        """Variations of which never two fit equally: Rasa would draw lots."""
        plain = {"text": f"{text} {{{self.one(self.kinds)}}}" if self.chance(0.3) else text}
        if self.chance(0.15):
            plain["buttons"] = [{"title": f"To {text}", "payload": f"/{self.one(self.intents)}"}]
        if self.chance(0.1):
            plain["image"] = "https://example.org/i.png"
        if self.chance(0.1):
            plain = {"custom": {"of": text, "value": f"{{{self.one(self.kinds)}}}"}}
        found = [] if self.chance(0.08) else [plain]
        if self.chance(0.15):
            found.append({"text": f"{text} in channel", "channel": self.one(["collector", "telegram"])})
        if self.chance(0.2):
            slot = self.one(self.kinds)
            condition = [{"type": "slot", "name": slot, "value": self._value(self.kinds[slot])}]
            found.append({"text": f"{text} when", "condition": condition})
            if self.chance(0.3):
                found.append({"text": f"{text} when here", "condition": condition, "channel": "collector"})
        return found or [plain]

    # --- actions ---------------------------------------------------------------------------------------------

    def _script_actions(self):
        for name in self.custom:
            self.actions[name] = [self._variant(name) for _ in range(self.one([1, 1, 2, 3]))]
        for form in self.forms:
            if self.chance(0.5):
                self.actions[f"validate_{form}"] = [self._validation(form) for _ in range(self.one([1, 2, 3]))]
            for slot in self.required[form]:
                if self.chance(0.12):
                    name = f"action_ask_{form}_{slot}" if self.chance(0.5) else f"action_ask_{slot}"
                    self.actions[name] = [{"say": [{"text": name}], "events": self._forward(0.2)}]
        if self.chance(0.15):
            check = {slot: self._check(slot) for slot in self.some(self.kinds, 1, 3)}
            self.actions["action_validate_slot_mappings"] = [{"check": check}]
        if self.chance(0.05):
            self.actions["action_default_fallback"] = [self._variant("fallback")]
        if self.chance(0.05):
            events = [{"event": "session_started"}, {"event": "action", "name": "action_listen"}]
            self.actions["action_session_start"] = [{"events": events}]

    def _variant(self, name):
        variant = {"events": self._events(0.6)}
        if self.chance(0.6):
            variant["say"] = [self._said(name)]
        if self.chance(0.04):
            variant["reject"] = True
        return variant

    def _said(self, name):
        if self.chance(0.3):
            return {"response": self.one(self.responses)}
        return {
            "text": f"{name} speaks",
            **({"buttons": [{"title": "t", "payload": "/i0"}]} if self.chance(0.2) else {}),
        }

    def _events(self, probability):
        return [self._event() for _ in range(self.lot.randint(1, 2))] if self.chance(probability) else []

    def _forward(self, probability):
        """Events of an action inside a form: one that takes a message back while it is validated is nobody's project."""
        return [event for event in self._events(probability) if event["event"] not in {"rewind", "undo"}]

    def _event(self):
        slot = self.one(self.kinds)
        set_slot = {"event": "slot", "name": slot, "value": self._value(self.kinds[slot])}
        draw = self.lot.random()
        if draw < 0.6:
            return set_slot if self.chance(0.8) else {**set_slot, "value": None}
        if draw < 0.72:
            followups = [*self.responses, *self.forms, "action_listen"]
            return {"event": "followup", "name": self.one(followups)}
        if draw < 0.8:
            return {
                "event": "active_loop",
                "name": None if self.chance(0.6) or not self.forms else self.one(self.forms),
            }
        if draw < 0.84:
            return {"event": "slot", "name": "requested_slot", "value": None}
        return {"event": self.one(["reset_slots", "rewind", "undo", "restart", "resume", "rewind"])}

    def _validation(self, form):
        slots = self.required[form]
        variant = {"check": {slot: self._check(slot) for slot in slots}}
        if self.chance(0.3):
            variant["next"] = self.some([*slots, *slots, *self.kinds], 1, 4)
        if self.chance(0.1):
            variant["events"] = self._forward(0.7)
        if self.chance(0.2):
            variant["say"] = [{"text": f"checked {form}"}]
        if self.chance(0.05):
            variant["reject"] = True
        return variant

    def _check(self, slot):
        draw = self.lot.random()
        if draw < 0.6:
            return "keep"
        if draw < 0.75:
            return "clear"
        if draw < 0.85:
            return "upper"
        other = self.one(self.kinds)
        return {other: self._value(self.kinds[other])}

    # --- rules -----------------------------------------------------------------------------------------------

    def _draw_rules(self):
        free = [*self.intents, *self.intents[:1]]
        self.lot.shuffle(free)
        shapes = [self._plain_rule, self._plain_rule, self._conditional_rule, self._slot_rule, self._open_rule]
        shapes += [self._start_rule, self._action_rule, self._or_rule, self._default_rule]
        if self.forms:
            shapes += [self._interruption, self._interruption, self._stop_rule, self._loop_condition]
        for form in self.forms:
            starter = self._message(free.pop()) if free else self._message(self.one(self.intents))
            self.rules.append({"rule": f"start {form}", "steps": [starter, {"action": form}, {"active_loop": form}]})
            if self.chance(0.8):
                self._submit(form)
        for _ in range(self.lot.randint(1, 6)):
            self.one(shapes)(free)
        if self.chance(0.4):
            self.rules.append(
                {"rule": "fallback", "steps": [{"intent": "nlu_fallback"}, {"action": self.one(self.responses)}]}
            )
        if not self.restricted:
            steps = [self._message(self.one(self.intents)), {"action": self.one(self.responses)}]
            steps += [self._message(self.one(self.intents)), {"action": self.one(self.responses)}]
            self.rules.append({"rule": "long", "steps": steps})
        for number, rule in enumerate(self.rules):
            rule["rule"] = f"{number} {rule['rule']}"

    def _taken(self, free):
        """An intent no other rule has, most often: two rules for one would contradict each other."""
        return free.pop() if free and self.chance(0.93) else self.one(self.intents)

    def _message(self, intent):
        step = {"intent": intent}
        if self.chance(0.2):
            step["entities"] = [self._rule_entity(name) for name in self.some(self.entities, 1, 2)]
        return step

    def _rule_entity(self, name):
        if self.chance(0.5):
            return name
        entity = {name: self.one(["x", "red", ""])}
        if name in self.roles and self.chance(0.6):
            entity["role"] = self.one(self.roles[name])
        return entity

    def _does(self):
        """An action and what it is said to do."""
        if self.custom and self.chance(0.3):
            name = self.one(self.custom)
            steps = [{"action": name}]
            if self.seen and self.chance(0.4):
                steps.append({"slot_was_set": [self._setting(self.one(self.seen))]})
            return steps
        return [{"action": self.one(self.responses)}]

    def _setting(self, slot):
        draw = self.lot.random()
        if draw < 0.2 and self.kinds[slot] != "list":
            return {slot: None}
        if draw < 0.35:
            return slot
        return {slot: self._value(self.kinds[slot])}

    def _plain_rule(self, free):
        steps = [self._message(self._taken(free)), *self._does()]
        if self.chance(0.3):
            steps += self._does()
        self.rules.append({"rule": "plain", "steps": steps})

    def _conditional_rule(self, free):
        intent = self.one(self.intents) if self.chance(0.3) else self._taken(free)
        settings = [self._setting(slot) for slot in self.some(self.kinds, 1, 2)]
        rule = {"rule": "conditional", "condition": [{"slot_was_set": settings}]}
        if self.forms and self.chance(0.3):
            rule["condition"].append({"active_loop": self.one([*self.forms, None])})
        rule["steps"] = [self._message(intent), *self._does()]
        if self.chance(0.2):
            rule["wait_for_user_input"] = False
        self.rules.append(rule)

    def _slot_rule(self, free):
        """A slot is set between the message and the action."""
        steps = [self._message(self._taken(free)), {"slot_was_set": [self._setting(self.one(self.kinds))]}]
        self.rules.append({"rule": "set", "steps": [*steps, *self._does()]})

    def _open_rule(self, free):
        rule = {"rule": "open", "steps": [self._message(self._taken(free)), *self._does()]}
        self.rules.append({**rule, "wait_for_user_input": False})

    def _start_rule(self, free):
        steps = [self._message(self.one(self.intents)), *self._does()]
        if self.chance(0.1):
            steps = steps[1:]
        rule = {"rule": "start", "conversation_start": True, "steps": steps}
        if self.chance(0.3):
            rule["wait_for_user_input"] = False
        self.rules.append(rule)

    def _action_rule(self, free):
        first = self._does()
        self.rules.append({"rule": "after", "steps": [*first, {"action": self.one(self.responses)}]})
        if self.chance(0.5):
            self.rules[-1]["wait_for_user_input"] = False

    def _or_rule(self, free):
        choices = [self._message(self._taken(free)) for _ in range(self.lot.randint(2, 3))]
        if self.chance(0.2):
            choices = [{"slot_was_set": [self._setting(self.one(self.kinds))]} for _ in range(2)]
            self.rules.append(
                {"rule": "or", "steps": [self._message(self._taken(free)), {"or": choices}, *self._does()]}
            )
            return
        self.rules.append({"rule": "or", "steps": [{"or": choices}, *self._does()]})

    def _default_rule(self, free):
        name = self.one(
            [
                "action_restart",
                "action_back",
                "action_default_fallback",
                "action_listen",
                "action_session_start",
                "action_unlikely_intent",
                "action_default_ask_rephrase",
                "action_deactivate_loop",
                "action_extract_slots",
            ]
        )
        self.rules.append({"rule": "default", "steps": [self._message(self._taken(free)), {"action": name}]})
        if self.chance(0.3):
            self.rules[-1]["wait_for_user_input"] = False

    def _interruption(self, free):
        form = self.one(self.forms)
        rule = {"rule": f"interrupt {form}", "condition": [{"active_loop": form}]}
        rule["steps"] = [self._message(self._taken(free)), *self._does()]
        draw = self.lot.random()
        if draw < 0.4:
            rule["steps"] += [{"action": form}, {"active_loop": form}]
        elif draw < 0.5:
            rule["steps"] += [{"action": form}]
        elif draw < 0.6:
            rule["wait_for_user_input"] = False
        if self.chance(0.15):
            slot = self.one(self.required[form])
            rule["condition"].append({"slot_was_set": [{"requested_slot": slot}]})
        self.rules.append(rule)

    def _stop_rule(self, free):
        form = self.one(self.forms)
        rule = {"rule": f"stop {form}", "steps": [self._message(self._taken(free))]}
        if self.chance(0.7):
            rule["condition"] = [{"active_loop": form}]
        rule["steps"] += [{"action": "action_deactivate_loop"}, {"active_loop": None}, *self._does()]
        if self.chance(0.3):
            rule["steps"].insert(1, self._does()[0])
        self.rules.append(rule)

    def _loop_condition(self, free):
        rule = {"rule": "outside", "condition": [{"active_loop": None}]}
        rule["steps"] = [self._message(self._taken(free)), *self._does()]
        self.rules.append(rule)

    def _submit(self, form):
        rule = {"rule": f"submit {form}", "condition": [{"active_loop": form}]}
        rule["steps"] = [{"action": form}, {"active_loop": None}]
        if self.chance(0.6):
            rule["steps"].append({"slot_was_set": [{"requested_slot": None}]})
        if len(self.forms) > 1 and self.chance(0.2):
            other = self.one([name for name in self.forms if name != form])
            rule["steps"] += [{"action": other}, {"active_loop": other}]
        else:
            rule["steps"] += self._does()
        self.rules.append(rule)

    # --- what is said -----------------------------------------------------------------------------------------

    def _walks(self):
        started = [step["intent"] for rule in self.rules for step in rule["steps"] if "intent" in step]
        self._likely = [*started, *self.intents]
        return [[self._utterance() for _ in range(self.lot.randint(6, 14))] for _ in range(3)]

    def _utterance(self):
        draw = self.lot.random()
        if draw < 0.03 and not any("initial_value" in slot for slot in self.slots.values()):
            return {"minutes": self.one([6, 61])}
        if draw < 0.15:
            return self.one(["/restart", "/back", "/session_start", "/out_of_scope", "/nlu_fallback", "/back"])
        if draw < 0.25:
            return self.one([*WORDS, "nothing known", "一句话", "{s0}", "/nobody_declared_this", "/ {"])
        intent = self.one(self._likely)
        text = f"/{intent}"
        if self.chance(0.1):
            text += self.one(["@0.3", "@1.0", "@0", "@7"])
        if self.chance(0.55):
            text += self._payload()
        return text

    def _payload(self):
        import json

        named = {name: self._entity_value() for name in self.some([*self.entities, "nobody"], 1, 2)}
        if self.chance(0.03):
            return '{"e0": '
        return json.dumps(named)

    def _entity_value(self):
        return self.one(["x", "red", "GREEN", "yes", "5", 5, 0, 0.5, True, False, ["a", "b"], None, "", {"k": 1}])
