"""Stage 2 of a turn: what we know. One vocabulary of finite facts, one sheet a family, and a lexicon that reads words."""

from bot.facts.fact import Fact
from bot.facts.lexicon import Lexicon, Reading
from bot.facts.scope import Modifier, Scope
from bot.facts.sheet import Answer, Sheet, Source
from bot.facts.vocabulary import Vocabulary

__all__ = ["Answer", "Fact", "Lexicon", "Modifier", "Reading", "Scope", "Sheet", "Source", "Vocabulary"]
