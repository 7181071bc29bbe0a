"""Officers and service points, as administrators manage them; and one's own password."""

from __future__ import annotations

import re

import pytest
from kiosk_fixtures import PASSWORD, Browser
from sqlalchemy import select, update

from registry.kinds import Role
from registry.models import AuditLine, Officer, ServicePoint
from registry.officers.passwords import make_password_hash

NEW_PASSWORD = "hujan turun di hulu mahakam"


@pytest.fixture
def admin(signed_in) -> Browser:
    return signed_in(Role.ADMINISTRATOR, username="admin.yusuf")


def officer(app, username: str) -> Officer:
    with app.extensions["kiosk"].database.reading() as session:
        return session.scalars(select(Officer).where(Officer.username == username)).one()


def actions(app) -> list[str]:
    with app.extensions["kiosk"].database.reading() as session:
        return list(session.scalars(select(AuditLine.action).order_by(AuditLine.id)))


def new_officer(**rest) -> dict:
    return {
        "name": "Siti Aminah",
        "username": "siti.aminah",
        "point": "PUSAT",
        "roles": [Role.CARD_CLERK.value],
        "password": NEW_PASSWORD,
        "again": NEW_PASSWORD,
        **rest,
    }


def test_an_added_officer_can_sign_in_and_stands_in_the_list(app, admin):
    assert admin.post("/petugas/baru", new_officer()).location == "/petugas"
    page = admin.get("/petugas").text
    assert "Siti Aminah" in page
    assert "petugas kartu" in page
    assert Browser(app).sign_in("siti.aminah", NEW_PASSWORD).status_code == 303
    assert "officer.added" in actions(app)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"again": "hujan turun di hilir barito"}, "Kedua kata sandi tidak sama."),
        ({"password": "pendek", "again": "pendek"}, "Kata sandi 12 sampai 128 karakter"),
        ({"password": "siti.aminah siti", "again": "siti.aminah siti"}, "tidak boleh memuat nama pengguna"),
        ({"roles": []}, "Pilih paling sedikit satu peran."),
        ({"roles": ["raja"]}, "raja"),
        ({"name": " "}, "Isi nama petugas."),
        ({"username": "a b"}, "3–40 huruf kecil"),
        ({"username": "ADMIN.yusuf"}, "sudah ada"),
        ({"point": "TIDAK-ADA"}, ""),
    ],
)
def test_a_wrong_officer_is_told_what_is_wrong_and_not_added(app, admin, change, words):
    answer = admin.post("/petugas/baru", new_officer(**change))
    assert answer.status_code in (409, 422)
    assert words in answer.text
    assert NEW_PASSWORD not in answer.text
    with app.extensions["kiosk"].database.reading() as session:
        assert len(session.scalars(select(Officer)).all()) == 1


def test_a_deactivated_officer_is_out_at_once_and_can_come_back(app, admin, signed_in):
    clerk = signed_in(Role.CARD_CLERK)
    number = officer(app, "budi.santoso").number
    assert admin.post(f"/petugas/{number}/nonaktif").status_code == 303
    assert clerk.get("/").status_code == 303
    assert Browser(app).sign_in("budi.santoso").status_code == 422
    assert "nonaktif" in admin.get("/petugas").text
    assert admin.post(f"/petugas/{number}/aktif").status_code == 303
    # the session that was ended stays ended
    assert clerk.get("/").status_code == 303
    assert Browser(app).sign_in("budi.santoso").status_code == 303
    assert {"officer.deactivated", "officer.reinstated"} <= set(actions(app))


def test_one_does_not_deactivate_oneself(app, admin):
    number = officer(app, "admin.yusuf").number
    assert "Nonaktifkan petugas" not in admin.get(f"/petugas/{number}").text
    answer = admin.post(f"/petugas/{number}/nonaktif")
    assert answer.status_code == 409
    assert "akun Anda sendiri" in answer.text
    assert officer(app, "admin.yusuf").is_active


def test_deactivating_twice_changes_nothing_more(app, admin, hire):
    hire(Role.CARD_CLERK)
    number = officer(app, "budi.santoso").number
    admin.post(f"/petugas/{number}/nonaktif")
    assert admin.post(f"/petugas/{number}/nonaktif").status_code == 409
    assert actions(app).count("officer.deactivated") == 1


def test_a_new_password_from_the_administrator_ends_all_sessions(app, admin, signed_in):
    clerk = signed_in(Role.CARD_CLERK)
    number = officer(app, "budi.santoso").number
    form = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert admin.post(f"/petugas/{number}/kata-sandi", form).status_code == 303
    assert clerk.get("/").status_code == 303
    assert Browser(app).sign_in("budi.santoso", PASSWORD).status_code == 422
    assert Browser(app).sign_in("budi.santoso", NEW_PASSWORD).status_code == 303
    assert "officer.password_set" in actions(app)


def test_a_new_password_must_be_typed_twice_the_same(app, admin, hire):
    hire(Role.CARD_CLERK)
    number = officer(app, "budi.santoso").number
    answer = admin.post(f"/petugas/{number}/kata-sandi", {"password": NEW_PASSWORD, "again": PASSWORD})
    assert answer.status_code == 422
    assert Browser(app).sign_in("budi.santoso").status_code == 303


def test_one_changes_ones_own_password_and_stays_signed_in_here_only(app, signed_in):
    here = signed_in(Role.DISTRIBUTOR)
    elsewhere = Browser(app)
    elsewhere.sign_in("budi.santoso")
    form = {"current": PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert here.post("/akun/kata-sandi", form).location == "/"
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 303
    assert Browser(app).sign_in("budi.santoso", NEW_PASSWORD).status_code == 303
    assert "officer.password_changed" in actions(app)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"current": "bukan kata sandinya", "password": NEW_PASSWORD, "again": NEW_PASSWORD}, "tidak cocok"),
        ({"current": PASSWORD, "password": PASSWORD, "again": PASSWORD}, "sama dengan yang sekarang"),
        ({"current": PASSWORD, "password": NEW_PASSWORD, "again": PASSWORD}, "tidak sama"),
        ({"password": NEW_PASSWORD, "again": NEW_PASSWORD}, "Isi kata sandi Anda yang sekarang."),
    ],
)
def test_ones_own_password_is_not_changed_without_the_old_one_and_a_new_one(app, signed_in, form, words):
    browser = signed_in(Role.DISTRIBUTOR)
    answer = browser.post("/akun/kata-sandi", form)
    assert answer.status_code == 422
    assert words in answer.text
    assert Browser(app).sign_in("budi.santoso").status_code == 303


def test_wrong_old_passwords_are_slowed_down_as_wrong_tries_to_sign_in(signed_in):
    browser = signed_in(Role.DISTRIBUTOR)
    form = {"current": "bukan kata sandinya", "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    answers = [browser.post("/akun/kata-sandi", form).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    assert browser.post("/akun/kata-sandi", form | {"current": PASSWORD}).status_code == 429


def test_no_lock_is_held_while_a_password_is_hashed(app, admin, hire, monkeypatch):
    """SQLite has one writer; a hash takes a tenth of a second, and two wait for each other."""
    hire(Role.CARD_CLERK)
    database, written = app.extensions["kiosk"].database, []

    def write_meanwhile(*args, **rest):
        with database.writing() as session:
            session.execute(update(Officer).values(name=Officer.name))
        written.append(True)
        return make_password_hash(*args, **rest)

    monkeypatch.setattr("kiosk.views.officers.make_password_hash", write_meanwhile)
    monkeypatch.setattr("registry.officers.passwords.make_password_hash", write_meanwhile)
    number = officer(app, "budi.santoso").number
    form = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert admin.post("/petugas/baru", new_officer()).status_code == 303
    assert admin.post(f"/petugas/{number}/kata-sandi", form).status_code == 303
    assert admin.post("/akun/kata-sandi", form | {"current": PASSWORD}).status_code == 303
    assert len(written) == 3


def test_the_area_of_a_new_point_is_chosen_step_by_step(app, admin):
    form = {"name": "Loket Katingan", "code": "loket-ktg", "kind": "loket", "address": "", "area": "62"}
    page = admin.get("/petugas/titik/baru").text
    for code, name in (("62.06", "Kabupaten Katingan"), ("62.06.05", "")):
        assert f'value="{code}"' in page
        page = admin.post("/petugas/titik/baru", {**form, "area": code, "refine": "1"}).text
        assert f"Seluruh {name}" in page
        assert 'value="Loket Katingan"' in page
    assert 'value="62.06.05.2003"' in page
    assert admin.post("/petugas/titik/baru", {**form, "area": "62.06.05.2003"}).location == "/petugas"
    with app.extensions["kiosk"].database.reading() as session:
        point = session.scalars(select(ServicePoint).where(ServicePoint.code == "LOKET-KTG")).one()
    assert point.area_code == "62.06.05.2003"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "Isi nama titik layanan."),
        ({"kind": ""}, "Pilih jenis titiknya."),
        ({"code": "x!"}, "Kode titik terdiri atas"),
        ({"code": "PUSAT"}, "sudah ada"),
    ],
)
def test_a_wrong_point_is_told_what_is_wrong_and_not_added(app, admin, change, words):
    form = {"name": "Loket", "code": "LOKET-1", "kind": "loket", "address": "", "area": "62.06", **change}
    answer = admin.post("/petugas/titik/baru", form)
    assert answer.status_code in (409, 422)
    assert words in answer.text
    assert re.search(r'<option selected value="62.06">', answer.text)
    with app.extensions["kiosk"].database.reading() as session:
        assert len(session.scalars(select(ServicePoint)).all()) == 1


def test_an_unknown_region_is_no_area(admin):
    form = {"name": "Loket", "code": "LOKET-1", "kind": "loket", "address": "", "area": "31.71"}
    assert admin.post("/petugas/titik/baru", form).status_code == 404


def test_an_administrator_of_one_regency_manages_its_points_and_no_others(app, hire, signed_in):
    hire(Role.CARD_CLERK)
    elsewhere = officer(app, "budi.santoso").number
    local = signed_in(Role.ADMINISTRATOR, username="admin.lokal", area="62.06")
    page = local.get("/petugas").text
    assert "PUSAT" not in page
    assert elsewhere not in page
    assert local.get(f"/petugas/{elsewhere}").status_code == 404
    assert local.post(f"/petugas/{elsewhere}/nonaktif").status_code == 404
    assert local.post("/petugas/baru", new_officer()).status_code == 422
    point = {"name": "Loket", "code": "LOKET-1", "kind": "loket", "address": "", "area": "62.71"}
    assert local.post("/petugas/titik/baru", point).status_code == 404


def test_only_administrators_manage_officers(app, signed_in):
    clerk = signed_in(Role.CARD_CLERK, Role.SUPERVISOR)
    number = officer(app, "budi.santoso").number
    for path in ("/petugas", "/petugas/baru", f"/petugas/{number}", "/petugas/titik/baru"):
        assert clerk.get(path).status_code == 403
    for act in ("kata-sandi", "nonaktif", "aktif"):
        assert clerk.post(f"/petugas/{number}/{act}").status_code == 403
