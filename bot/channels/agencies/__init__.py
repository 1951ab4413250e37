"""The ways to agencies whose people are not on Telegram: e-mail, and webhooks to their own programs."""

from bot.channels.agencies.hooks import HookSender
from bot.channels.agencies.mail import MailSender
from bot.channels.agencies.slips import slip_router

__all__ = ["HookSender", "MailSender", "slip_router"]
