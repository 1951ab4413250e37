"""Plain data: whatever JSON and YAML can hold."""

from __future__ import annotations

from typing import Any, TypeAlias

# A value an author, an action or a channel gave. Whoever uses it says what it must be.
Plain: TypeAlias = Any
