"""Records how rasa 3.6.21 understands texts. Runs in Rasa's own environment (Python 3.10), never in ours.

    python understanding.py OUT_FOLDER PROJECT…

Per text: its tokens as [start, end], the ranking of intents, the entities; of a project with a response selector, what
it selected. One text a line.
"""

import asyncio
import json
import os
import random
import sys
import tempfile
from pathlib import Path

WRITTEN = json.loads((Path(__file__).parents[1] / "understanding" / "texts.json").read_text(encoding="utf-8"))
ALPHABET = "ab Z9.,?!'-#@&_%/ \t你好离婚孩子的打年县1234é😀½्・。，"


def texts(project, count=48):
    """What everybody is asked, pieces of the project's own examples, and noise."""
    chance = random.Random(project.name)
    lines = (project / "data" / "nlu.yml").read_text(encoding="utf-8").splitlines()
    own = [line.strip()[2:] for line in lines if line.strip().startswith("- ") and ":" not in line]
    words = [word for line in own for word in line.split()]
    mixed = [" ".join(chance.sample(words, chance.randint(1, 6))) for _ in range(count)]
    cut = [line[: chance.randint(1, len(line))] for line in chance.choices(own, k=count // 3)]
    noise = ["".join(chance.choices(ALPHABET, k=chance.randint(1, 14))) for _ in range(count)]
    found = dict.fromkeys(text for text in WRITTEN + mixed + cut + noise if not text.strip().startswith("/"))
    return list(found)


def train(folder):
    import rasa

    return rasa.train(domain="domain.yml", config="config.yml", training_files="data", output=str(folder)).model


def selected(found):
    return {
        name: {"response": found[name]["response"], "ranking": len(found[name]["ranking"])}
        for name in found
        if name not in {"all_retrieval_intents", "default"}
    }


async def record(project):
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage
    from rasa.engine.exceptions import GraphComponentException

    os.chdir(project)
    understood = []
    with tempfile.TemporaryDirectory() as folder:
        agent = Agent.load(train(folder))
        for text in texts(project):
            try:
                data = await agent.processor.parse_message(UserMessage(text), only_output_properties=False)
            except GraphComponentException:
                understood.append({"text": text, "breaks": True})
                continue
            ranking = [[i["name"], round(float(i["confidence"]), 5)] for i in data.get("intent_ranking", [])]
            line = {
                "text": text,
                "heard": data["text"],
                "tokens": [[t.start, t.end] for t in data.get("text_tokens") or []],
                "intent": [data["intent"]["name"], round(float(data["intent"]["confidence"]), 5)],
                "ranked": len(ranking),
                "ranking": ranking[:3],
                "entities": data["entities"],
            }
            if "response_selector" in data:
                line["retrieval"] = data["intent"].get("full_retrieval_intent_name")
                line["selected"] = selected(data["response_selector"])
                line["all"] = sorted(data["response_selector"].get("all_retrieval_intents", []))
            understood.append(line)
    return understood


def main():
    out = Path(sys.argv[1]).resolve()
    import rasa

    for project in [Path(name).resolve() for name in sys.argv[2:]]:
        lines = [json.dumps(line, ensure_ascii=False, default=str) for line in asyncio.run(record(project))]
        head = json.dumps({"project": project.name, "rasa": rasa.__version__})[1:-1]
        body = ",\n".join(lines)
        (out / f"{project.name}.json").write_text(f'{{{head}, "understood": [\n{body}\n]}}\n', encoding="utf-8")
        print(project.name, len(lines), flush=True)


if __name__ == "__main__":
    main()
