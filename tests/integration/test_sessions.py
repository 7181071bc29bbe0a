"""Signing in and out, and what a session is worth before, during and after."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import extract_parameters
from kiosk_fixtures import PASSWORD, Browser
from sqlalchemy import func, select, update

from kiosk import sign_in
from kiosk.clock import now
from registry.audit import verify_chains
from registry.kinds import Role
from registry.models import AuditLine, Device, Officer, OfficerSession, SignInAttempt
from registry.officers import passwords


def in_the_past(app, **columns):
    """Move the only session's times back."""
    with app.extensions["kiosk"].database.writing() as session:
        row = session.scalars(select(OfficerSession).where(OfficerSession.ended_at.is_(None))).one()
        for column, age in columns.items():
            setattr(row, column, now() - age)


def test_an_officer_signs_in_and_sees_the_first_page(signed_in):
    page = signed_in(Role.CARD_CLERK).get("/")
    assert page.status_code == 200
    assert "Budi Santoso" in page.text


def test_without_signing_in_there_is_only_the_sign_in_page(visitor):
    answer = visitor.get("/")
    assert (answer.status_code, answer.location) == (303, "/masuk")


def test_a_copied_cookie_dies_at_sign_out(app, signed_in):
    browser = signed_in(Role.CARD_CLERK)
    cookie = browser.client.get_cookie("kiosk").value
    thief = Browser(app)
    thief.client.set_cookie("kiosk", cookie)
    assert thief.get("/").status_code == 200
    assert browser.post("/keluar").status_code == 303
    assert thief.get("/").status_code == 303
    assert browser.get("/").status_code == 303


def test_the_cookie_opens_nothing_that_the_database_shows(app, signed_in):
    browser = signed_in(Role.CARD_CLERK)
    with browser.client.session_transaction() as cookie:
        secret = cookie["_user_id"]
    with app.extensions["kiosk"].database.reading() as session:
        row = session.scalars(select(OfficerSession)).one()
    assert secret.encode() not in row.secret_hash
    assert row.secret_hash.hex() != secret


def test_a_session_ends_after_fifteen_idle_minutes(app, signed_in):
    browser = signed_in(Role.CARD_CLERK)
    in_the_past(app, last_seen_at=timedelta(minutes=14))
    assert browser.get("/").status_code == 200
    in_the_past(app, last_seen_at=timedelta(minutes=16))
    answer = browser.get("/")
    assert answer.status_code == 303
    assert "keluar otomatis" in browser.get(answer.location).text


def test_a_session_ends_after_twelve_hours_however_busy(app, signed_in):
    browser = signed_in(Role.CARD_CLERK)
    in_the_past(app, started_at=timedelta(hours=12, minutes=1))
    assert browser.get("/").status_code == 303


def test_a_session_that_ran_out_is_not_revived_by_setting_the_clock_back(app, signed_in):
    browser = signed_in(Role.CARD_CLERK)
    secret = browser.client.get_cookie("kiosk").value
    in_the_past(app, last_seen_at=timedelta(minutes=16))
    browser.get("/")
    with app.extensions["kiosk"].database.writing() as session:
        row = session.scalars(select(OfficerSession)).one()
        assert row.ended_at is not None
        row.last_seen_at = now()
    browser.client.set_cookie("kiosk", secret)
    assert browser.get("/").status_code == 303


def test_being_seen_is_written_once_a_minute_only(app, signed_in):
    browser = signed_in(Role.CARD_CLERK)

    def last_seen():
        with app.extensions["kiosk"].database.reading() as session:
            return session.scalars(select(OfficerSession.last_seen_at)).one()

    before = last_seen()
    browser.get("/")
    assert last_seen() == before
    in_the_past(app, last_seen_at=timedelta(seconds=61))
    browser.get("/")
    assert last_seen() >= before


def test_an_officer_who_leaves_the_service_is_out_at_once(app, signed_in):
    browser = signed_in(Role.CARD_CLERK)
    with app.extensions["kiosk"].database.writing() as session:
        session.execute(update(Officer).values(is_active=False))
    assert browser.get("/").status_code == 303
    assert Browser(app).sign_in("budi.santoso").status_code == 422


def test_signing_in_does_not_keep_what_was_planted_in_the_cookie(app, hire):
    browser = Browser(app)
    before = browser.token()
    with browser.client.session_transaction() as cookie:
        cookie["planted"] = "yes"
        planted_token = cookie["csrf_token"]
    browser.sign_in(hire(Role.CARD_CLERK))
    browser.token()
    with browser.client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["csrf_token"] != planted_token
    assert browser.token() != before


def test_user_names_are_typed_in_any_case(app, hire):
    hire(Role.CARD_CLERK)
    assert Browser(app).sign_in(" Budi.Santoso ").status_code == 303


def test_a_wrong_password_and_an_unknown_name_read_the_same(app, hire):
    hire(Role.CARD_CLERK)
    wrong, unknown = Browser(app).sign_in("budi.santoso", "x" * 20), Browser(app).sign_in("siapa.dia", "x" * 20)
    assert wrong.status_code == unknown.status_code == 422
    for page in (wrong, unknown):
        assert "Nama pengguna atau kata sandi tidak cocok." in page.text
        assert "x" * 20 not in page.text


def test_a_wrong_password_and_an_unknown_name_take_the_same_work(app, hire, monkeypatch):
    username = hire(Role.CARD_CLERK)
    hasher, checked = passwords._HASHER, []

    class Watched:
        def verify(self, password_hash: str, password: str) -> bool:
            checked.append(extract_parameters(password_hash))
            return hasher.verify(password_hash, password)

    monkeypatch.setattr(passwords, "_HASHER", Watched())
    for name in (username, "siapa.dia"):
        assert Browser(app).sign_in(name, "y" * 20).status_code == 422
    known, unknown = checked
    assert known == unknown


def test_the_sixth_guess_within_a_minute_is_not_looked_at(app, hire):
    username = hire(Role.CARD_CLERK)
    browser = Browser(app)
    assert [browser.sign_in(username, "salah salah salah").status_code for _ in range(5)] == [422] * 5
    answer = browser.sign_in(username)  # the right password
    assert answer.status_code == 429
    assert "Tunggu 60 detik" in answer.text


def test_parallel_guesses_get_no_more_than_the_limit(app, hire, monkeypatch):
    monkeypatch.setattr(passwords, "_WAIT_S", 600.0)  # a busy machine takes its time over each
    username = hire(Role.CARD_CLERK)
    browsers = [Browser(app) for _ in range(12)]
    tokens = [browser.token() for browser in browsers]

    def guess(browser: Browser, token: str) -> int:
        form = {"csrf_token": token, "username": username, "password": "salah salah salah"}
        return browser.client.post("/masuk", data=form).status_code

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(guess, browsers, tokens))
    assert answers.count(422) <= 5
    assert set(answers) <= {422, 429}


def test_other_officers_are_not_locked_by_guesses_at_one(app, hire):
    hire(Role.CARD_CLERK)
    hire(Role.CARD_CLERK, username="siti.aminah")
    guesser = Browser(app)
    for _ in range(7):
        guesser.sign_in("budi.santoso", "salah salah salah")
    assert Browser(app).sign_in("siti.aminah").status_code == 303


def test_one_origin_that_tries_many_names_is_slowed_down_and_others_are_not(app, hire):
    hire(Role.CARD_CLERK)
    here = {"environ_overrides": {"REMOTE_ADDR": "10.0.0.7"}}
    with app.extensions["kiosk"].database.writing() as session:
        session.add_all(SignInAttempt(username=f"nama{n}", origin="10.0.0.7", at=now()) for n in range(20))
    assert Browser(app).sign_in("budi.santoso", **here).status_code == 429
    assert Browser(app).sign_in("budi.santoso").status_code == 303


def test_the_lock_opens_by_itself_and_success_forgets_no_failures_of_others(app, hire):
    username = hire(Role.CARD_CLERK)
    with app.extensions["kiosk"].database.writing() as session:
        minute_ago = now() - timedelta(seconds=61)
        session.add_all(SignInAttempt(username=username, origin="10.0.0.7", at=minute_ago) for _ in range(9))
    assert Browser(app).sign_in(username).status_code == 303


def test_signing_in_and_out_stands_in_the_trail(app, signed_in):
    signed_in(Role.CARD_CLERK).post("/keluar")
    state = app.extensions["kiosk"]
    with state.database.reading() as session:
        actions = session.scalars(select(AuditLine.action).order_by(AuditLine.seq)).all()
        assert actions == ["point.added", "officer.added", "officer.signed_in", "officer.signed_out"]
        assert list(verify_chains(session, key=state.keys.audit_key)) == []


def test_a_browser_is_one_device_whoever_signs_in_at_it(app, signed_in, hire):
    browser = signed_in(Role.CARD_CLERK)
    browser.post("/keluar")
    browser.sign_in(hire(Role.CARD_CLERK, username="siti.aminah"))
    with app.extensions["kiosk"].database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Device)) == 1


def test_the_password_is_kept_as_argon2id_only(app, hire):
    hire(Role.CARD_CLERK)
    with app.extensions["kiosk"].database.reading() as session:
        kept = session.scalars(select(Officer.password_hash)).one()
    assert kept.startswith("$argon2id$v=19$m=47104,t=2,p=1$")
    assert PASSWORD not in kept


@pytest.mark.parametrize(
    "target", ["https://jahat.example", "//jahat.example", "/\\jahat.example", "javascript:alert(1)", "jahat", "/\n/x"]
)
def test_after_signing_in_one_goes_to_own_pages_only(target):
    assert sign_in.own_path(target) is None


def test_after_signing_in_one_goes_where_one_wanted_to_go(app, hire):
    username = hire(Role.CARD_CLERK)
    browser = Browser(app)
    assert browser.get("/sesi?a=1").location == "/masuk?next=/sesi?a%3D1"
    assert browser.sign_in(username, target="/sesi?a=1").location == "/sesi?a=1"
    assert Browser(app).sign_in(username, target="https://jahat.example").location == "/"
