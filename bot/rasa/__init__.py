"""Hosting any Rasa rule project: what speaks Rasa's own protocols, around the engine of `bot/dialogue`.

Actions in process or on an action server, conversations that survive, and Rasa's HTTP API.
"""
