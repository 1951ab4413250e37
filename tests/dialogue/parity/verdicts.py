"""Records which sets of rules rasa 3.6.21 accepts. Runs in Rasa's own environment (Python 3.10), never in ours.

python verdicts.py ../rulesets.yml ../rulesets.json
"""

import datetime
import json
import logging
import sys
import tempfile
from pathlib import Path

KINDS = {"Contradicting rules": "contradicting", "Incomplete rules": "incomplete", "more than 1 user message": "long"}


def written(folder, base, one):
    (folder / "data").mkdir()
    (folder / "domain.yml").write_text(base["domain"] + one.get("slots", base["slots"]), encoding="utf-8")
    (folder / "config.yml").write_text("pipeline: []\n" + one.get("config", base["config"]), encoding="utf-8")
    (folder / "data" / "rules.yml").write_text("rules:\n" + one["rules"], encoding="utf-8")


def verdict(folder):
    import rasa

    try:
        rasa.train(str(folder / "domain.yml"), str(folder / "config.yml"), str(folder / "data"), str(folder / "models"))
    except Exception as error:
        said = str(error.__cause__ or error)
        return next((kind for words, kind in KINDS.items() if words in said), said)
    return "accepted"


def main():
    import rasa
    from rasa.utils.log_utils import configure_structlog
    from ruamel.yaml import YAML

    configure_structlog(logging.ERROR)
    logging.getLogger().setLevel(logging.CRITICAL)
    table = YAML(typ="safe", pure=True).load(Path(sys.argv[1]))
    verdicts = {}
    for one in table["sets"]:
        with tempfile.TemporaryDirectory() as folder:
            written(Path(folder), table["base"], one)
            verdicts[one["name"]] = verdict(Path(folder))
        print(verdicts[one["name"]], one["name"], flush=True)
    recorded = {"rasa": rasa.__version__, "recorded": str(datetime.date.today()), "verdicts": verdicts}
    Path(sys.argv[2]).write_text(json.dumps(recorded, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
