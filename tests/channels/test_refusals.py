"""A refusal keeps nothing of the request that it ended."""

from __future__ import annotations

from bot.channels.http import RefusedError, not_found
from bot.console.api.access import ApiError, nothing


def ended(refusal: Exception) -> int:
    """How many frames a refusal holds on to after it was raised once."""
    try:
        raise refusal
    except (RefusedError, ApiError) as error:
        trace, frames = error.__traceback__, 0
    while trace:
        trace, frames = trace.tb_next, frames + 1
    return frames


def test_a_refusal_holds_on_to_no_earlier_request() -> None:
    assert [ended(not_found()) for _ in range(3)] == [1, 1, 1]
    assert [ended(nothing()) for _ in range(3)] == [1, 1, 1]
