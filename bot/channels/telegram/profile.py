"""How the bot presents itself before anybody has written: menu, description, profile."""

from __future__ import annotations

from collections.abc import Iterator

from telegram import Bot, BotCommand

from bot.channels.telegram.ports import Wording

# Telegram shows the words without a language to everybody whose language has none of its own; ours comes first.
LANGUAGES = (("zh", ""), ("en", "en"))


async def present(bot: Bot, wording: Wording) -> None:
    """Sets menu and descriptions in both languages. Raises `TelegramError`; nothing depends on it."""
    for language, code in LANGUAGES:
        await bot.set_my_commands(list(_menu(wording, language)), language_code=code)
        await bot.set_my_description(wording.description[language], language_code=code)
        await bot.set_my_short_description(wording.about[language], language_code=code)


def _menu(wording: Wording, language: str) -> Iterator[BotCommand]:
    return (BotCommand(command, words[language]) for command, words in wording.commands.items())
