"""The rules on a page: every row in force with its law, and the promises proved anew."""

from __future__ import annotations

from html import unescape

from tests.console.conftest import Desk


def test_every_row_is_there_with_its_law_in_both_languages(desk: Desk) -> None:
    browser = desk.signs_in("director")
    policy = desk.world.services.policy
    for language, law in (("zh", "民法典"), ("en", "Civil Code")):
        page = unescape(browser.get(f"/console/rules?lang={language}").text)
        assert all(f'id="{row.id}"' in page for row in policy.rows)
        assert all(row.title[language] in page for row in policy.rows)
        assert law in page
        assert policy.hash[:12] in page


def test_the_promises_are_proved_when_somebody_asks(desk: Desk) -> None:
    browser = desk.signs_in("director")
    page = unescape(browser.get("/console/rules?check=1&lang=zh", timeout=120).text)
    promises = desk.world.services.policy.base.safeguards
    assert len(promises) > 10
    assert all(f"✓ {promise.says['zh']}" in page for promise in promises)


def test_without_signing_in_nobody_reads_them(desk: Desk) -> None:
    assert desk.browser().get("/console/rules").headers["location"].startswith("/console/sign-in")
