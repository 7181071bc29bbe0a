"""Bad input and abuse, each at its counter: a refusal in words, with a next step, a row that keeps it, and a slip."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from giving_house import GivingScene, give, give_form, scan
from kiosk_fixtures import Browser
from printing_samples import words as words_of_page
from school_house import SchoolHouse, choose, confirm, said
from school_scene import NISN
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from kiosk import words
from registry.kinds import Role
from registry.models import Attempt, Programme, Roster, Round, ServicePoint, Stock
from registry.programmes.rounds import close_round

PROXY = {"receiver": "wakil", "proxy_name": "Bahrudin", "proxy_nik": "6206050101700044", "proxy_letter": "SK/1"}

Refused = tuple[Browser, TestResponse]


class Counters(GivingScene):
    """A hand-out point with its officer, and an entitled family with its card."""

    def __init__(self, app: Flask, signed_in: Callable[..., Browser]) -> None:
        super().__init__(app.extensions["kiosk"], signed_in)
        self.app = app
        self.distributor = self.sign_in(Role.DISTRIBUTOR)
        self.text = self.text_of(self.active_card())

    def change(self, *statements) -> None:
        with self.state.database.writing() as session:
            for statement in statements:
                session.execute(statement)

    def shown(self) -> dict[str, str | list[str]]:
        """Scan the card, and return what pressing the button would send."""
        return give_form(scan(self.distributor, self.text))

    def press(self, sent: dict) -> Refused:
        return self.distributor, self.distributor.post("/pindai/salurkan", sent)


@pytest.fixture
def counters(app, signed_in) -> Counters:
    return Counters(app, signed_in)


def at_the_wrong_place(counters: Counters) -> Refused:
    counters.open_round()
    other = counters.sign_in(Role.DISTRIBUTOR, area="62.71", username="bagi.kota")
    return other, scan(other, counters.text)


def in_a_closed_round(counters: Counters) -> Refused:
    round_id = counters.open_round()
    sent = counters.shown()
    with counters.state.database.writing() as session:
        close_round(session, session.get_one(Round, round_id), **counters._rest(session))
    return counters.press(sent)


def without_stock(counters: Counters) -> Refused:
    round_id = counters.open_round()
    sent = counters.shown()
    with counters.state.database.writing() as session:
        roster = session.scalars(select(Roster.id).where(Roster.round_id == round_id)).one()
        session.add(Stock(roster_id=roster, delivered=1, damaged=1))
    return counters.press(sent)


def without_the_price(counters: Counters) -> Refused:
    counters.open_round(programme="PASAR", name="Pasar murah")
    sent = counters.shown()
    del sent["is_paid"]
    return counters.press(sent)


def by_a_proxy_over_the_limit(counters: Counters) -> Refused:
    other = counters.active_card()
    counters.open_round()
    counters.change(update(Programme).where(Programme.code == "PANGAN").values(proxy_limit=1))
    first = give_form(scan(counters.distributor, counters.text_of(other)))
    assert counters.distributor.post("/pindai/salurkan", first | PROXY).status_code == 303
    return counters.press(counters.shown() | PROXY)


def for_a_person_of_another_family(counters: Counters) -> Refused:
    other = counters.active_card()
    counters.open_round(programme="UMKM", name="Angkatan I")
    return counters.press(counters.shown() | {"person": str(other.head_id)})


def for_a_pupil_of_another_school(counters: Counters) -> Refused:
    school = SchoolHouse(counters.app, counters.signed_in)
    confirm(first := school.at("first"), choose(school, first), nisn=NISN)
    second = school.at("second")
    return second, choose(school, second)


def beyond_the_quota(counters: Counters) -> Refused:
    counters.change(update(Programme).where(Programme.code == "PANGAN").values(quota=2))
    counters.open_round()
    for _ in range(2):
        assert give(counters.distributor, counters.text).status_code == 303
    return counters.distributor, scan(counters.distributor, counters.text)


def above_the_rest(counters: Counters) -> Refused:
    counters.open_round(programme="BELANJA", name="Saldo 2026")
    return counters.press(counters.shown() | {"amount": "2.000.001"})


def of_a_programme_withdrawn_meanwhile(counters: Counters) -> Refused:
    counters.open_round()
    sent = counters.shown()
    counters.change(update(Programme).where(Programme.code == "PANGAN").values(is_withdrawn=True))
    return counters.press(sent)


@pytest.mark.parametrize(
    ("code", "ask"),
    [
        ("wrong_place", at_the_wrong_place),
        ("round_not_open", in_a_closed_round),
        ("no_stock", without_stock),
        ("not_paid", without_the_price),
        ("proxy_limit", by_a_proxy_over_the_limit),
        ("person_not_of_family", for_a_person_of_another_family),
        ("pupil_elsewhere", for_a_pupil_of_another_school),
        ("quota_used", beyond_the_quota),
        ("not_enough_left", above_the_rest),
        ("programme_withdrawn", of_a_programme_withdrawn_meanwhile),
    ],
    ids=lambda value: value.__name__ if callable(value) else value,
)
def test_it_is_refused_with_why_and_where_to_go_and_is_kept(
    counters: Counters, code: str, ask: Callable[[Counters], Refused]
):
    browser, page = ask(counters)
    with counters.state.database.reading() as session:
        [attempt] = [one for one in session.scalars(select(Attempt)) if code in one.reasons]
        point = session.get_one(ServicePoint, attempt.point_id).name
    assert page.status_code == 200
    place = attempt.reasons.index(code)
    told = words.of(code, **attempt.details[place])
    for part in (told.title, told.explanation, told.next_step):
        assert part in re.sub(r"\s+", " ", said(page))
    address = re.search(rf'href="(/pengaduan/penolakan/{attempt.id}/slip\.pdf)"', page.text)[1]
    paper = re.sub(r"\s+", " ", words_of_page(browser.get(address).data, 0))
    for part in (told.title, point):
        assert part in paper
