"""Stage 1 of a turn: what came in, whatever the channel.

A channel translates its own wire format into an `Incoming`; nothing behind this line knows Telegram
or HTTP. `Incoming.id` is the channel's own id of the message, so that a redelivery is recognised.
"""

from bot.messages.incoming import (
    Attachment,
    Channel,
    Content,
    Departed,
    Edited,
    Incoming,
    Location,
    Press,
    Text,
    typed,
)

__all__ = ["Attachment", "Channel", "Content", "Departed", "Edited", "Incoming", "Location", "Press", "Text", "typed"]
