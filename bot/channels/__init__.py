"""Thin adapters over one turn: each turns its own wire format into an `Incoming` and replies into its own form."""
