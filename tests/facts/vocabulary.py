"""The vocabulary of this project, and its lexicon."""

from pathlib import Path

from bot.facts import Lexicon, Vocabulary

PROJECT = Path(__file__).parents[2]
VOCABULARY = Vocabulary.load(PROJECT / "rules" / "facts.yml")
LEXICON = Lexicon.load(PROJECT / "data" / "lexicon", VOCABULARY)
