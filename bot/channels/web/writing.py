"""What a visitor sends: as JSON from the page's script, or as a plain form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal, Self
from urllib.parse import parse_qs

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.channels.http import RefusedError, own_id
from bot.messages import Content, Location, Press, typed

Words = Annotated[str, Field(min_length=1)]


class Pin(BaseModel):
    """A place on earth, WGS 84 degrees."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class Writing(BaseModel):
    """One message of the script: exactly one of `text`, `press` and `location`.

    `id` is the script's own and stays the same when it sends again; `after` is the number of the newest message it
    shows; `shown_for` is how many seconds a pressed button had been on the screen, where the script knows.
    """

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(min_length=8, max_length=64)]
    lang: Literal["zh", "en"] = "zh"
    after: Annotated[int, Field(ge=0)] = 0
    text: Words | None = None
    press: Words | None = None
    location: Pin | None = None
    shown_for: Annotated[float, Field(ge=0, le=10**8)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(given is not None for given in (self.text, self.press, self.location)) != 1:
            raise ValueError("exactly one of text, press and location is needed")
        return self

    def content(self, at: datetime) -> Content:
        """What was said, `at` being now."""
        if self.location is not None:
            return Location(self.location.latitude, self.location.longitude)
        if self.press is not None:
            return Press(self.press, None if self.shown_for is None else at - timedelta(seconds=self.shown_for))
        return typed(self.text or "")


@dataclass(frozen=True, slots=True)
class FormWriting:
    """One message of a plain form: words, or a pressed button's payload."""

    lang: str
    nonce: str
    text: str
    press: str

    @classmethod
    def read(cls, body: bytes) -> FormWriting:
        """The form; raises `RefusedError` when it says nothing."""
        fields = parse_qs(body.decode("utf-8", "replace"))
        lang, nonce, text, press = (fields.get(name, [""])[0] for name in ("lang", "nonce", "text", "press"))
        if not text.strip() and not press:
            raise RefusedError(400, "bad_request", "text or press is needed")
        return cls("en" if lang == "en" else "zh", nonce, text, press)

    @property
    def id(self) -> str:
        """The same for a form that is sent twice; another for other words in the same page."""
        return own_id(self.nonce, self.press, self.text)

    def content(self) -> Content:
        """What was said."""
        return Press(self.press) if self.press else typed(self.text)
