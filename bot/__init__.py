"""Rightdoor: every family reaches the right door the first time, and nobody is lost behind it."""
