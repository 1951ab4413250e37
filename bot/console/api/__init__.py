"""`/api/v1`: what the pages do, for programs."""

from bot.console.api.app import api

__all__ = ["api"]
