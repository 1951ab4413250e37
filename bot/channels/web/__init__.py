"""The web chat: one page at `/chat` over the same turn, for a county's own site. Works without JavaScript, too."""

from bot.channels.web.router import ReadAfter, chat_router

__all__ = ["ReadAfter", "chat_router"]
