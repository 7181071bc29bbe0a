"""Who may do what, the guard, and the transaction of a request."""

from __future__ import annotations

import logging

import pytest
from flask import Blueprint, Flask, abort, redirect
from kiosk_fixtures import Browser
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kiosk import db
from kiosk.clock import now
from kiosk.permissions import ROLE_PERMISSIONS, Permission, close_unmarked, needs, rights_of, roles_with
from kiosk.sign_in import current_actor
from kiosk.sign_in import signed_in as who
from registry.errors import Conflict, NotFound
from registry.kinds import Role
from registry.models import SignInAttempt

EXAMPLES = Blueprint("examples", __name__)


def write() -> None:
    db.session().add(SignInAttempt(username="contoh", origin="contoh", at=now()))
    db.session().flush()


@EXAMPLES.route("/contoh/<deed>", methods=["GET", "POST"])
@needs(Permission.CARDS_ISSUE)
def act(deed: str):
    match deed:
        case "baca":
            return str(db.session().scalar(text("SELECT count(*) FROM officer")))
        case "tulis":
            write()
            return redirect("/", 303)
        case "tolak":
            write()
            abort(422)
        case "rusak":
            write()
            raise RuntimeError("the secret is 6202050101800001")
        case "bentrok":
            write()
            raise Conflict("username_taken", username="contoh")
        case "tiada":
            raise NotFound("point_unknown", point="X")
        case "siapa":
            actor = current_actor()
            assert (actor.officer_id, actor.point_id) == (who().officer_id, who().point_id)
            return str(actor.device_id)
    return abort(404)


@pytest.fixture
def app(app: Flask) -> Flask:
    """The application with a view that does what it is asked for."""
    app.register_blueprint(EXAMPLES)
    return app


@pytest.fixture
def clerk(signed_in) -> Browser:
    """A browser of an officer who may do what the example view needs."""
    return signed_in(Role.CARD_CLERK)


def written(app: Flask) -> int:
    with app.extensions["kiosk"].database.reading() as session:
        return session.scalar(text("SELECT count(*) FROM sign_in_attempt WHERE username = 'contoh'"))


def test_an_officer_with_the_right_comes_through(clerk):
    assert clerk.get("/contoh/baca").text == "1"
    assert len(clerk.get("/contoh/siapa").text) == 36


def test_an_officer_without_it_is_told_what_is_missing_and_whom_to_ask(signed_in):
    page = signed_in(Role.DISTRIBUTOR).get("/contoh/baca")
    assert page.status_code == 403
    assert "menerbitkan kartu" in page.text
    assert "petugas kartu" in page.text
    assert "administrator" in page.text


def test_a_visitor_is_asked_to_sign_in_and_comes_back(visitor):
    answer = visitor.get("/contoh/baca")
    assert (answer.status_code, answer.location) == (303, "/masuk?next=/contoh/baca")


def test_the_right_is_asked_before_the_view_runs(app, signed_in):
    assert signed_in(Role.DISTRIBUTOR).post("/contoh/tulis").status_code == 403
    assert written(app) == 0


def test_every_role_has_rights_and_every_right_a_role():
    assert set(ROLE_PERMISSIONS) == set(Role)
    everyones = {Permission.PUBLIC, Permission.HOME}
    assert set().union(*ROLE_PERMISSIONS.values()) == set(Permission) - everyones
    assert all(roles_with(permission) for permission in set(Permission) - everyones)
    assert rights_of([]) == {Permission.HOME}


def test_nobody_who_puts_families_in_also_issues_or_gives_by_one_role():
    for role, rights in ROLE_PERMISSIONS.items():
        assert not (Permission.FAMILIES_IMPORT in rights and Permission.CARDS_ISSUE in rights), role
        assert not (Permission.CARDS_ISSUE in rights and Permission.SCAN_GIVE in rights), role
        assert not (Permission.ROUNDS_MANAGE in rights and Permission.SCAN_GIVE in rights), role


def test_a_view_that_says_not_who_may_see_it_keeps_the_kiosk_shut(app):
    app.add_url_rule("/terbuka", "open_to_all", lambda: "oops")
    with pytest.raises(RuntimeError, match="open_to_all"):
        close_unmarked(app)


def test_a_view_that_slipped_through_is_closed_all_the_same(app, signed_in):
    app.add_url_rule("/terbuka", "open_to_all", lambda: "oops")
    every_other_role = set(Role) - {Role.ADMINISTRATOR, Role.AUDITOR}
    assert signed_in(*every_other_role).get("/terbuka").status_code == 403
    assert Browser(app).get("/terbuka").status_code == 303


def test_what_shows_cannot_write(app, clerk):
    app.config["PROPAGATE_EXCEPTIONS"] = True
    with pytest.raises(DBAPIError):
        clerk.get("/contoh/tulis")
    assert written(app) == 0


def test_what_acts_is_committed_once_it_is_answered(app, clerk):
    assert clerk.post("/contoh/tulis").status_code == 303
    assert written(app) == 1


@pytest.mark.parametrize(("deed", "status"), [("tolak", 422), ("rusak", 500), ("bentrok", 409)])
def test_what_fails_leaves_nothing_behind(app, clerk, deed, status):
    assert clerk.post(f"/contoh/{deed}").status_code == status
    assert written(app) == 0


def test_a_view_that_asks_for_no_session_opens_none(app, clerk):
    opened = []
    database = app.extensions["kiosk"].database
    real = database.open_session

    def counting(**mode):
        opened.append(mode)
        return real(**mode)

    database.open_session = counting
    token = clerk.token()
    opened.clear()
    assert clerk.client.post("/contoh/siapa", data={"csrf_token": token}).status_code == 200
    assert opened == []


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("/tidak-ada", 404, "tidak ditemukan"),
        ("/contoh/tiada", 404, "Tidak ada titik layanan dengan kode X"),
    ],
)
def test_an_error_page_says_what_to_do_next(clerk, path, status, word):
    page = clerk.get(path)
    assert page.status_code == status
    assert word in page.text
    assert "Ke halaman awal" in page.text


def test_a_wrong_method_is_explained(clerk):
    page = clerk.get("/keluar")
    assert page.status_code == 405
    assert "POST" in page.headers["Allow"]


def test_an_old_form_is_explained(clerk):
    page = clerk.client.post("/contoh/tulis", data={"csrf_token": "old"})
    assert page.status_code == 400
    assert "Formulir kedaluwarsa" in page.text


def test_who_asks_for_json_gets_json(clerk):
    answer = clerk.post("/contoh/bentrok", headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert answer.json["error"] == "username_taken"
    assert answer.json["next_step"]


def test_a_fault_shows_a_number_and_nothing_of_itself(clerk, caplog):
    with caplog.at_level(logging.ERROR):
        page = clerk.post("/contoh/rusak")
    assert page.status_code == 500
    assert "Traceback" not in page.text
    assert "6202050101800001" not in page.text
    number = page.text.partition("Nomor gangguan: ")[2][:6]
    assert f"number {number}" in caplog.text


def test_a_failing_statement_puts_no_value_into_the_log(app, clerk, caplog):
    with app.extensions["kiosk"].database.writing() as session, pytest.raises(DBAPIError) as fault:
        session.execute(text("INSERT INTO officer (id, name) VALUES (:id, :name)"), {"id": "1", "name": "Rahasia"})
    assert "Rahasia" not in str(fault.value)
