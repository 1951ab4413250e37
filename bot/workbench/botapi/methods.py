"""What each method does, once its parameters are known to be of the right types."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.workbench.botapi.chats import LEFT, Chat, Message
from bot.workbench.botapi.entities import read_text, utf16_length
from bot.workbench.botapi.keyboards import check_inline, check_markup, titles
from bot.workbench.botapi.refusals import bad, conflict
from bot.workbench.botapi.webhook import Webhook
from bot.workbench.botapi.world import BOT, BOT_USER, World

Params = Mapping[str, Any]
DELETABLE_FOR = 48 * 3600
PRESS_LASTS = 15 * 60
DELETED_AT_ONCE = 100
COMMANDS_AT_MOST = 100
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
PUBLIC_OR_LOOPBACK = re.compile(r"https://|http://(127\.0\.0\.1|localhost)[:/]")
ACTIONS = frozenset({"typing", "upload_photo", "find_location", "upload_document", "choose_sticker", "record_voice"})


def get_me(world: World, params: Params) -> object:  # noqa: ARG001 – every method has the same shape
    """Who the bot is."""
    return BOT


def get_updates(world: World, params: Params) -> object:
    """Long polling; refused while there is a webhook."""
    if world.webhook:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    world.updates.allow(params.get("allowed_updates"))
    limit = min(max(params.get("limit", 100), 1), 100)
    return world.updates.poll(params.get("offset", 0), limit, min(params.get("timeout", 0), 50))


def set_webhook(world: World, params: Params) -> object:
    """Updates are posted from now on. Plain http is accepted on loopback only, as by a local Bot API server."""
    if not SECRET.fullmatch(params.get("secret_token", "-")):
        raise bad("secret token contains unallowed characters")
    if params["url"] and not PUBLIC_OR_LOOPBACK.match(params["url"]):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    delete_webhook(world, params)
    world.updates.allow(params.get("allowed_updates"))
    if params["url"]:
        world.webhook = Webhook(params["url"], params.get("secret_token"), world.updates)
    return True


def delete_webhook(world: World, params: Params) -> object:
    """Back to getUpdates."""
    world.stop_webhook()
    if params.get("drop_pending_updates"):
        world.updates.drop()
    return True


def get_webhook_info(world: World, params: Params) -> object:  # noqa: ARG001 – every method has the same shape
    """Where updates are posted and how that goes."""
    hook = world.webhook
    info = {"url": hook.url if hook else "", "has_custom_certificate": False}
    error = {"last_error_message": hook.last_error[1]} if hook and hook.last_error else {}
    return info | {"pending_update_count": world.updates.count()} | error


def send_message(world: World, params: Params) -> object:
    """A new message of the bot's."""
    chat = _open_chat(world, params)
    text, entities = read_text(params["text"], params.get("parse_mode"))
    markup = params.get("reply_markup", {})
    check_markup(markup, private=chat.is_private)
    _change_keyboard(chat, markup)
    return world.put(chat, BOT_USER, _content(text, params.get("entities") or entities, markup))


def edit_message_text(world: World, params: Params) -> object:
    """A message of the bot's with other words; without `reply_markup` its buttons go."""
    if "text" not in params:
        raise bad("message text is empty")
    text, entities = read_text(params["text"], params.get("parse_mode"))
    markup = params.get("reply_markup", {})
    return _edit(world, params, _content(text, params.get("entities") or entities, markup))


def edit_message_reply_markup(world: World, params: Params) -> object:
    """A message of the bot's with other buttons, or none."""
    message = _own_message(world, params)
    kept = {key: message[key] for key in ("text", "entities") if key in message}
    return _edit(world, params, kept | _inline(params.get("reply_markup", {})))


def delete_message(world: World, params: Params) -> object:
    """Deletes the bot's own message, or in a private chat anybody's, for 48 hours."""
    chat = _open_chat(world, params)
    message = chat.messages.get(params["message_id"])
    if message is None:
        raise bad("message to delete not found")
    if not _deletable(world, chat, message):
        raise bad("message can't be deleted for everyone")
    del chat.messages[params["message_id"]]
    return True


def delete_messages(world: World, params: Params) -> object:
    """Deletes up to 100; those that cannot be found or deleted are skipped."""
    chat = _open_chat(world, params)
    if not 1 <= len(params["message_ids"]) <= DELETED_AT_ONCE:
        raise bad("too many message identifiers specified")
    for message_id in params["message_ids"]:
        message = chat.messages.get(message_id)
        if message and _deletable(world, chat, message):
            del chat.messages[message_id]
    return True


def answer_callback_query(world: World, params: Params) -> object:
    """Ends the little clock on a pressed button."""
    pressed = world.presses.get(params["callback_query_id"])
    if pressed is None or world.clock() - pressed > PRESS_LASTS:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    if utf16_length(params.get("text", "")) > 200:  # noqa: PLR2004 – the specification's number
        raise bad("MESSAGE_TOO_LONG")
    return True


def send_chat_action(world: World, params: Params) -> object:
    """Shows "typing…"."""
    _open_chat(world, params)
    if params["action"] not in ACTIONS:
        raise bad("wrong parameter action in request")
    return True


def leave_chat(world: World, params: Params) -> object:
    """The bot goes; only groups can be left."""
    chat = _open_chat(world, params)
    if chat.is_private:
        raise bad("chat member status can't be changed in private chats")
    chat.refusal = LEFT
    return True


def set_my_commands(world: World, params: Params) -> object:
    """The menu of commands."""
    if len(params["commands"]) > COMMANDS_AT_MOST:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in params["commands"]:
        if not COMMAND.fullmatch(command["command"]) or not 1 <= len(command["description"]) <= 256:  # noqa: PLR2004
            raise bad("BOT_COMMAND_INVALID")
    scope = params.get("scope") or {}
    name = f"commands of {scope['chat_id']}" if scope.get("type") == "chat" else "commands"
    world.profile[name, params.get("language_code", "")] = params["commands"]
    return True


def set_my_description(world: World, params: Params) -> object:
    """What people read before they begin; 512 characters."""
    return _describe(world, "description", params, 512)


def set_my_short_description(world: World, params: Params) -> object:
    """What stands on the bot's profile; 120 characters."""
    return _describe(world, "short_description", params, 120)


METHODS: Mapping[str, Callable[[World, Params], object]] = {
    "answerCallbackQuery": answer_callback_query,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "deleteWebhook": delete_webhook,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "editMessageText": edit_message_text,
    "getMe": get_me,
    "getWebhookInfo": get_webhook_info,
    "leaveChat": leave_chat,
    "sendChatAction": send_chat_action,
    "sendMessage": send_message,
    "setMyCommands": set_my_commands,
    "setMyDescription": set_my_description,
    "setMyShortDescription": set_my_short_description,
    "setWebhook": set_webhook,
}


def _open_chat(world: World, params: Params) -> Chat:
    chat = world.chats.get(params["chat_id"])
    chat.must_be_open()
    return chat


def _content(text: str, entities: list[dict[str, Any]], markup: dict[str, Any]) -> dict[str, Any]:
    return {"text": text} | ({"entities": entities} if entities else {}) | _inline(markup)


def _inline(markup: dict[str, Any]) -> dict[str, Any]:
    """Only inline keyboards belong to the message, and an empty one is none."""
    return {"reply_markup": markup} if markup.get("inline_keyboard") else {}


def _change_keyboard(chat: Chat, markup: dict[str, Any]) -> None:
    if "keyboard" in markup:
        chat.keyboard = titles(markup["keyboard"])
    elif "remove_keyboard" in markup:
        chat.keyboard = ()


def _own_message(world: World, params: Params) -> Message:
    if not {"chat_id", "message_id"} <= params.keys():
        raise bad("message identifier is not specified")
    message = _open_chat(world, params).messages.get(params["message_id"])
    if message is None:
        raise bad("message to edit not found")
    if message["from"] != BOT_USER:
        raise bad("message can't be edited")
    return message


def _edit(world: World, params: Params, content: dict[str, Any]) -> Message:
    message = _own_message(world, params)
    check_inline(params.get("reply_markup", {"inline_keyboard": []}))
    if all(message.get(key) == content.get(key) for key in ("text", "entities", "reply_markup")):
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same as a "
            "current content and reply markup of the message"
        )
    for key in ("text", "entities", "reply_markup"):
        message.pop(key, None)
    message.update(content, edit_date=world.now())
    return message


def _deletable(world: World, chat: Chat, message: Message) -> bool:
    young = world.now() - message["date"] < DELETABLE_FOR
    return young and (chat.is_private or bool(message["from"] == BOT_USER))


def _describe(world: World, what: str, params: Params, limit: int) -> bool:
    if len(params.get(what, "")) > limit:
        raise bad(f"{what} is too long")
    world.profile[what, params.get("language_code", "")] = params.get(what, "")
    return True
