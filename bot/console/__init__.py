"""The staff's web console: sign in, see what is yours to do, do it. Every look at what a family told is written down."""

from bot.console.api.app import api
from bot.console.router import console_router

__all__ = ["api", "console_router"]
