"""What our pages share: words in two languages from a data file, Jinja templates, style and script under addresses of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from ruamel.yaml import YAML

TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Site:
    """Ready to render: `words` by language; `version` changes whenever a file in `static/` does."""

    words: Mapping[str, Any]
    templates: Environment
    files: Mapping[str, bytes]
    version: str

    @classmethod
    def load(cls, words: Path, folder: Path) -> Site:
        """Reads `words`, and `templates/` and `static/` in `folder`, once."""
        loader = FileSystemLoader(folder / "templates")
        templates = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
        templates.trim_blocks = templates.lstrip_blocks = True
        files = {file.name: file.read_bytes() for file in sorted((folder / "static").iterdir()) if file.suffix in TYPES}
        version = sha256(b"".join(files.values())).hexdigest()[:12]
        tree = YAML(typ="safe", pure=True).load(words.read_text(encoding="utf-8"))
        return cls({each: in_language(tree, each) for each in LANGUAGES}, templates, files, version)

    def told(self, language: str) -> Any:  # noqa: ANN401 – a tree of whatever YAML holds
        """The words in one language."""
        return self.words[language]

    def render(self, template: str, language: str, **values: Any) -> str:  # noqa: ANN401 – whatever the template shows
        """A page: `w` are the words in `language`, beside the values given."""
        page = self.templates.get_template(template)
        return page.render({"w": self.told(language)} | values, language=language, version=self.version)


def in_language(words: Any, language: str) -> Any:  # noqa: ANN401 – a tree of whatever YAML holds
    """The tree with every `{"zh", "en"}` replaced by its text; what else stands beside the two stays beside `text`."""
    if isinstance(words, Mapping):
        if "zh" not in words:
            return {key: in_language(value, language) for key, value in words.items()}
        beside = {key: value for key, value in words.items() if key not in ("zh", "en")}
        return beside | {"text": words[language]} if beside else words[language]
    return [in_language(item, language) for item in words] if isinstance(words, list) else words


def language_of(asked: str | None, accepted: str) -> str:
    """`zh` or `en`: what the address asks for, else the browser's first language of the two, else `zh`."""
    if asked in ("zh", "en"):
        return asked
    first = re.search(r"\b(zh|en)\b", accepted.lower())
    return first[1] if first else "zh"
