from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.channels.web.echo import Echo, serving


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def http(echo: Echo) -> Iterator[httpx.Client]:
    """A client without any browser's manners, on a server of its own."""
    with serving(echo) as address, httpx.Client(base_url=address) as client:
        yield client
