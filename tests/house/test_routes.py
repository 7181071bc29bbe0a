"""What must be true of every address."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from kiosk.navigation import TASKS
from kiosk.permissions import Permission, permission_of

OPEN_TO_ALL = {"static", "sign_in.show", "sign_in.submit", "sign_in.leave", "queue.door", "queue.numbers"}
"""All that can be had without signing in; a new one is added here knowingly."""


def example(rule) -> str:
    """Return an address of a rule, with something in every place."""
    places = {"int": "1", "uuid": "00000000-0000-7000-8000-000000000000", "path": "x"}
    return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda place: places.get(place[1] or "", "contoh"), str(rule))


def test_every_view_says_which_right_it_needs(house: Flask):
    unmarked = [endpoint for endpoint, view in house.view_functions.items() if permission_of(view) is None]
    assert unmarked == []


def test_every_task_leads_to_a_view_of_the_same_right(house: Flask):
    wrong = [
        task.endpoint
        for task in TASKS
        if task.endpoint not in house.view_functions
        or permission_of(house.view_functions[task.endpoint]) is not task.permission
    ]
    assert wrong == []


def test_every_task_has_a_sign_that_is_drawn(house: Flask):
    with house.open_resource("static/img/icons.svg", "r") as drawn:
        signs = set(re.findall(r'<symbol id="(\w+)"', drawn.read()))
    assert {task.icon for task in TASKS} <= signs


def test_only_signing_in_and_out_is_open_to_all(house: Flask):
    opened = {endpoint for endpoint, view in house.view_functions.items() if permission_of(view) is Permission.PUBLIC}
    assert opened == OPEN_TO_ALL


def test_every_other_address_asks_a_visitor_to_sign_in(house: Flask):
    client, let_in = house.test_client(), []
    for rule in house.url_map.iter_rules():
        if rule.endpoint in OPEN_TO_ALL or "GET" not in rule.methods:
            continue
        answer = client.get(example(rule))
        if answer.status_code != 303 or not answer.location.startswith("/masuk"):
            let_in.append(f"{rule} {answer.status_code}")
    assert let_in == []


def test_every_address_that_acts_refuses_a_form_without_our_token(house: Flask):
    client, taken = house.test_client(), []
    for rule in house.url_map.iter_rules():
        for method in rule.methods - {"GET", "HEAD", "OPTIONS"}:
            answer = client.open(example(rule), method=method, data={"csrf_token": "forged"})
            if answer.status_code != 400 or "Formulir kedaluwarsa" not in answer.text:
                taken.append(f"{method} {rule} {answer.status_code}")
    assert taken == []


def test_addresses_show_or_act_by_get_and_post_alone(house: Flask):
    methods = set().union(*(rule.methods for rule in house.url_map.iter_rules()))
    assert methods <= {"GET", "HEAD", "OPTIONS", "POST"}


def test_addresses_are_indonesian_and_endpoints_english(house: Flask):
    english = re.compile(
        r"/(card|family|families|scan|round|officer|print|list|photo|receipt|sign|login|logout|home)\b"
    )
    assert [str(rule) for rule in house.url_map.iter_rules() if english.search(str(rule))] == []


def test_no_address_has_a_place_for_a_number_of_the_state(house: Flask):
    places = {place for rule in house.url_map.iter_rules() for place in rule.arguments}
    assert not places & {"nik", "kk", "family_number", "name", "token", "text"}


@pytest.mark.parametrize("path", ["/", "/masuk", "/tidak-ada"])
def test_every_page_has_a_language_and_a_title(house: Flask, path: str):
    page = house.test_client().get(path, follow_redirects=True).text
    assert '<html lang="id">' in page
    assert re.search(r"<title>[^<·]+\S · Kartu Huma Betang</title>", page)
