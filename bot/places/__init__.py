"""Administrative divisions: what there is, finding a place in words, and the county of a pin."""

from bot.places.boundaries import Outline
from bot.places.former import Former
from bot.places.gazetteer import Gazetteer
from bot.places.place import Level, Place

__all__ = ["Former", "Gazetteer", "Level", "Outline", "Place"]
