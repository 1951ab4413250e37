"""How the bot presents itself: menu, description and profile before anybody has written, and the menu of a caseworker's chat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from telegram import Bot, BotCommand, BotCommandScopeChat

from bot.channels.telegram.ports import Wording

# Telegram shows the words without a language to everybody whose language has none of its own; ours comes first.
LANGUAGES = (("zh", ""), ("en", "en"))


async def present(bot: Bot, wording: Wording) -> None:
    """Sets menu and descriptions in both languages. Raises `TelegramError`; nothing depends on it."""
    for language, code in LANGUAGES:
        await bot.set_my_commands(list(_menu(wording.commands, language)), language_code=code)
        await bot.set_my_description(wording.description[language], language_code=code)
        await bot.set_my_short_description(wording.about[language], language_code=code)


async def desk_menu(bot: Bot, wording: Wording, chat: int) -> None:
    """From now on the menu of this chat is a caseworker's. Raises `TelegramError`; nothing depends on it."""
    for language, code in LANGUAGES:
        menu = list(_menu(wording.staff_commands, language))
        await bot.set_my_commands(menu, scope=BotCommandScopeChat(chat), language_code=code)


def _menu(commands: Mapping[str, Mapping[str, str]], language: str) -> Iterator[BotCommand]:
    return (BotCommand(command, words[language]) for command, words in commands.items())
