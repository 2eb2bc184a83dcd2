"""The frame of pages, and what they offer to do first."""

from __future__ import annotations

import re

import pytest

from tests.itti.conftest import World


@pytest.mark.parametrize("language", ["en", "ar"])
def test_one_button_for_one_thing(world: World, language: str) -> None:
    """After a body or factory was registered, and in lists that are empty, the next step is offered once."""
    office = world.browser(world.create_user())
    office.get(f"/language/{language}")
    for address, step in {
        "/bodies": "/bodies/new", "/assessors": "/assessors/new", "/factories": "/factories/new",
        f"/bodies/{world.create_body().id}": "/assessors/new",
        f"/factories/{world.create_factory().id}": "/assessments/new",
    }.items():  # fmt: skip
        page = office.get(address).text
        assert len(re.findall(rf'<a class="button[^"]*" href="{step}', page)) == 1, address


def test_the_button_stays_where_there_is_a_list(world: World) -> None:
    office, body = world.browser(world.create_user()), world.create_body()
    world.create_assessor(body=body)
    for address, step in {"/bodies": "/bodies/new", f"/bodies/{body.id}": "/assessors/new"}.items():
        assert len(re.findall(rf'<a class="button[^"]*" href="{step}', office.get(address).text)) == 1, address


def test_the_menu_behind_a_name_looks_like_one(world: World) -> None:
    page = world.browser(world.create_user(name="Noura")).get("/home").text
    summary = page.partition("<summary>")[2].partition("</summary>")[0]
    assert "Noura" in summary
    assert "#chevron" in summary
    assert 'action="/sign-out"' in page.partition("</summary>")[2].partition("</details>")[0]


def test_a_new_token_is_not_lost_by_a_change_of_language(world: World) -> None:
    """The page answers a form; the language link would lead away from the only copy."""
    browser = world.browser(world.create_user())
    answer = browser.post("/account/tokens", data={"label": "ERP interface", "days": "30", "whole": "1"})
    assert answer.status_code == 201
    assert "data-copy" in answer.text
    assert 'href="/language/' not in answer.text
    assert 'href="/language/' in browser.get("/account").text
