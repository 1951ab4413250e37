"""Delivery: what must happen outside, after the commit. Declares the ports; `bot/app.py` wires the channels in."""

from bot.delivery.courier import Courier
from bot.delivery.pace import Pace
from bot.delivery.ports import OnDead, OnSent, Sender

__all__ = ["Courier", "OnDead", "OnSent", "Pace", "Sender"]
