"""The ways to agencies whose people are not on Telegram: e-mail, and webhooks to their own programs."""

from bot.channels.agencies.hooks import HookSender
from bot.channels.agencies.mail import MailSender

__all__ = ["HookSender", "MailSender"]
