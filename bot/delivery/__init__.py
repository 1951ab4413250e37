"""Delivery: what must happen outside, after the commit. Declares the ports; `bot/app.py` wires the channels in."""

from bot.delivery.courier import Courier, Sender

__all__ = ["Courier", "Sender"]
