"""Commands that open projects: their modules are as alone here as in tests/rasa."""

from __future__ import annotations

from tests.rasa.conftest import alone

__all__ = ["alone"]
