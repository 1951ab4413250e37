"""A caseworker's desk in a chat: cards and their buttons, hand-ons, notes, shifts, and kind words where nothing may change."""
