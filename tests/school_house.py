"""A kiosk with two schools and a campus office, and what their clerks do at it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from flask import Flask
from giving_house import GivingScene
from kiosk_fixtures import PASSWORD, Browser
from school_scene import add_school_point, add_school_round
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from kiosk.clock import now
from registry.days import local_day
from registry.kinds import PointKind, Role
from registry.models import Person, ServicePoint
from registry.officers.officers import add_officer
from registry.officers.passwords import make_password_hash


class SchoolHouse(GivingScene):
    """A kiosk with two schools and a campus office, each with its clerk, and a family with two children."""

    def __init__(self, app: Flask, signed_in: Callable[..., Browser]) -> None:
        super().__init__(app.extensions["kiosk"], signed_in)
        self._app = app
        with self.state.database.writing() as session:
            points = {
                "first": add_school_point(session, "SMAN-1", "SMAN 1 Katingan Tengah", PointKind.SCHOOL, "30201234"),
                "second": add_school_point(session, "SMKN-2", "SMKN 2 Katingan Tengah", PointKind.SCHOOL, "30205678"),
                "campus": add_school_point(session, "DISDIK", "Dinas Pendidikan", PointKind.OFFICE, ""),
            }
            for name, point in points.items():
                add_officer(
                    session,
                    session.get_one(ServicePoint, point),
                    username=name,
                    name=f"Petugas {name}",
                    password_hash=make_password_hash(PASSWORD, username=name),
                    roles=[Role.SCHOOL_CLERK],
                    **self._rest(session),
                )
        self.card = self.active_card(desil=1)
        self.text = self.text_of(self.card)
        today = local_day(now())
        days = {"opens_on": today - timedelta(days=9), "closes_on": today + timedelta(days=90), "created_at": now()}
        with self.state.database.writing() as session:
            self.head, self.student, self.pupil = session.scalars(
                select(Person.id).where(Person.family_id == self.card.family_id).order_by(Person.position)
            )
            session.get_one(Person, self.pupil).birth_date = date(today.year - 16, 1, 2)
            family = self.card.family_id
            lists = {points["first"]: [self.pupil], points["second"]: []}
            self.year = add_school_round(session, "SEKOLAH", "2026/2027", family, lists, **days)
            self.semester = add_school_round(
                session, "KULIAH", "Gasal", family, {points["campus"]: [self.student]}, only_of_family=True, **days
            )

    def at(self, name: str) -> Browser:
        browser = Browser(self._app)
        assert browser.sign_in(name).status_code == 303
        return browser

    def count(self, model, *where) -> int:
        with self.state.database.reading() as session:
            return session.scalar(select(func.count()).select_from(model).where(*where))


def choose(school: SchoolHouse, browser: Browser, person: UUID | None = None) -> TestResponse:
    """Scan the card and choose the pupil."""
    shown = browser.post("/sekolah", {"scanned": school.text})
    fields = hidden(shown, "/sekolah/anak")
    return browser.post("/sekolah/anak", fields | {"person": str(person or school.pupil)})


def hidden(answer: TestResponse, action: str) -> dict[str, str]:
    """Return the hidden fields of the first form that goes to an address."""
    form = answer.text[answer.text.index(f'action="{action}"') :]
    form = form[: form.index("</form>")]
    found = re.findall(r'<input id="[^"]*" name="(\w+)" type="hidden" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


def confirm(browser: Browser, shown: TestResponse, **stated: str) -> TestResponse:
    return browser.post("/sekolah/konfirmasi", hidden(shown, "/sekolah/konfirmasi") | stated)


def said(answer: TestResponse) -> str:
    """Return the text of a page without its marks."""
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.text))
