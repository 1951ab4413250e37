"""Stage 5 of a turn: what goes out, in the family's language."""

from bot.replies.reply import Button, Reply

__all__ = ["Button", "Reply"]
