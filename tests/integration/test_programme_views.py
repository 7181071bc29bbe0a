"""The catalogue's pages: seen by all, tried and proposed by the owning office, decided by a second person."""

from __future__ import annotations

import re
from html import unescape

import pytest
from click.testing import CliRunner
from family_scene import FAR_VILLAGE, VILLAGE, FamilyScene
from kiosk_fixtures import PASSWORD, Browser

from kiosk.clock import now
from kiosk.commands import main
from registry.audit import Actor
from registry.kinds import PointKind, Role
from registry.models import Programme, ServicePoint
from registry.officers.officers import add_officer
from registry.officers.passwords import make_password_hash
from registry.officers.points import CENTRE, add_point, get_point


@pytest.fixture
def scene(app, tmp_path) -> FamilyScene:
    scene = FamilyScene(app.extensions["kiosk"], tmp_path)
    for village in (VILLAGE, FAR_VILLAGE):
        scene.add_families(village, 20)
    return scene


@pytest.fixture
def sign_in(app, scene):
    """Give a browser where a programme manager of an office has signed in."""

    def sign_in(username: str, office: str | None = "DINSOS", role: Role = Role.PROGRAMME_MANAGER) -> Browser:
        with scene.state.database.writing() as session:
            rest = {"actor": Actor(None, get_point(session, CENTRE).id), "keys": scene.state.keys, "at": now()}
            code = office or CENTRE
            point = session.query(ServicePoint).filter_by(code=code).first()
            if point is None:
                point = add_point(session, code=code, name=code, kind=PointKind.OFFICE, area_code="62", **rest)
                point.office_code = office
            hashed = make_password_hash(PASSWORD, username=username)
            add_officer(
                session, point, username=username, name=username.title(), password_hash=hashed, roles=[role], **rest
            )
        browser = Browser(app)
        assert browser.sign_in(username).status_code == 303
        return browser

    return sign_in


def form_of(page: str) -> dict:
    """Return what the form of a page would send as it stands."""
    data: dict = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="([^"]*)"', tag)
        if not name or (kind and kind[1] in ("checkbox", "radio") and not re.search(r"\bchecked\b", tag)):
            continue
        data.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        data[name] = [chosen[1] if chosen else ""]
    return data


def test_whoever_may_see_programmes_sees_all_of_them_with_their_owner(scene, sign_in):
    auditor = sign_in("ani", None, Role.AUDITOR)
    page = auditor.get("/program").text
    with scene.state.database.reading() as session:
        for programme in session.query(Programme):
            assert unescape(page).count(f">{programme.name}<") == 1
            shown = auditor.get(f"/program/{programme.code}")
            assert shown.status_code == 200
            assert programme.office.name in unescape(shown.text)
            assert "Ubah program" not in shown.text
    assert "Batas desil 2" in auditor.get("/program/PANGAN").text
    assert auditor.get("/program/PANGAN/ubah").status_code == 403
    assert auditor.get("/program/APA").status_code == 404


def test_the_whole_story_of_a_change(scene, sign_in):
    siti, joko = sign_in("siti"), sign_in("joko")
    form = form_of(siti.get("/program/PANGAN/ubah").text)
    form |= {"clauses-0-expression": "desil <= 4", "clauses-0-words": "batas desil 4"}
    tried = siti.post("/program/PANGAN/coba", form)
    assert tried.status_code == 200
    assert "Masuk 4, keluar 0." in re.sub(r"<[^>]+>", "", tried.text)
    assert form_of(tried.text)["clauses-0-expression"] == ["desil <= 4"], "what was tried still stands in the form"
    assert "menunggu persetujuan" not in siti.get("/program").text
    assert siti.post("/program/PANGAN/ubah", form | {"reason": "Surat 12/2026"}).status_code == 303
    assert "menunggu persetujuan" in siti.get("/program").text
    assert "Setujui perubahan" not in siti.get("/program/PANGAN/versi/2").text
    assert siti.post("/program/PANGAN/versi/2", {"decision": "approve"}).status_code == 409
    assert "Yang mengusulkan tidak memutuskan" in siti.get("/program/PANGAN/versi/2").text
    stranger = sign_in("lina", "DISDIK").get("/program/PANGAN/versi/2").text
    assert "Yang mengusulkan tidak memutuskan" not in stranger
    assert "Program ini milik Dinas Sosial" in stranger
    page = joko.get("/program/PANGAN/versi/2").text
    assert "desil &lt;= 4" in page
    assert "Contoh keluarga" not in page, "who may not see families is shown none"
    assert "Contoh keluarga yang masuk" in sign_in("rita", None, Role.REGISTRAR).get("/program/PANGAN/versi/2").text
    assert "Hasil percobaan" in page
    assert joko.post("/program/PANGAN/versi/2", {"decision": "approve"}).status_code == 303
    assert "Batas desil 4" in siti.get("/program/PANGAN").text


def test_a_form_sent_back_as_it_stands_changes_nothing(sign_in):
    siti = sign_in("siti")
    for code in ("PANGAN", "BELANJA"):
        answer = siti.post(f"/program/{code}/ubah", form_of(siti.get(f"/program/{code}/ubah").text) | {"reason": "-"})
        assert answer.status_code == 422
        assert "Tidak ada yang berubah" in answer.text


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("desil <", "Syarat tidak terbaca"),
        ("penghasilan < 1", "menyebut “penghasilan”"),
        ("usia > 17", "menyebut “usia”"),
        ("desil > 10", "Tidak ada yang memenuhi syarat"),
        ("__import__('os')", "menyebut “__import__”"),
    ],
)
def test_a_rule_that_is_not_sound_is_told_on_the_form(sign_in, expression, said):
    siti = sign_in("siti")
    form = form_of(siti.get("/program/PANGAN/ubah").text) | {"clauses-0-expression": expression, "reason": "Surat"}
    answer = siti.post("/program/PANGAN/ubah", form)
    assert answer.status_code == 422
    assert said in unescape(answer.text)


def test_an_amount_or_a_clause_that_is_half_filled_is_told_at_its_field(sign_in):
    siti = sign_in("siti")
    form = form_of(siti.get("/program/PANGAN/ubah").text) | {"reason": "Surat"}
    answer = siti.post("/program/PANGAN/ubah", form | {"value": "175000"})
    assert answer.status_code == 422
    assert "Isi tanggal, nilai, harga, dan dasar hukumnya" in answer.text
    assert siti.post("/program/PANGAN/ubah", form | {"clauses-4-code": "baru"}).status_code == 422


def test_a_new_amount_and_a_withdrawal_wait_for_the_second_person(scene, sign_in):
    siti, pusat = sign_in("siti"), sign_in("pusat", None)
    form = form_of(siti.get("/program/PASAR/ubah").text)
    assert siti.post("/program/PASAR/ubah", form | {"reason": "Surat", "is_withdrawn": "y"}).status_code == 422
    amount = {"valid_from": "2027-01-01", "value": "160000", "price": "20000", "legal_reference": "Juknis 2027"}
    form = form_of(siti.get("/program/PANGAN/ubah").text) | amount | {"is_withdrawn": "y", "reason": "Surat"}
    assert siti.post("/program/PANGAN/ubah", form).status_code == 303
    page = pusat.get("/program/PANGAN/versi/2").text
    assert "mulai 1 Januari 2027: Rp160.000, harga Rp20.000" in page
    pusat.post("/program/PANGAN/versi/2", {"decision": "reject"})
    with scene.state.database.reading() as session:
        pangan = session.get_one(Programme, "PANGAN")
        assert (pangan.is_withdrawn, len(pangan.amounts)) == (False, 1)


def test_a_pillar_is_renamed_at_the_centre_only(sign_in):
    pusat, siti = sign_in("pusat", None), sign_in("siti")
    assert pusat.post("/program/pilar/SEHAT", {"name": "Betang Sehat"}).status_code == 303
    assert "Betang Sehat" in siti.get("/program").text
    assert "Ganti nama pilar" not in siti.get("/program").text
    assert siti.post("/program/pilar/SEHAT", {"name": "Sehat"}).status_code == 409
    assert pusat.post("/program/pilar/SEHAT", {"name": ""}).status_code == 422
    assert pusat.get("/program/pilar/TINGGI").status_code == 404


@pytest.fixture
def run(settings, monkeypatch: pytest.MonkeyPatch):
    """Run ``kiosk programmes …`` in this test's installation."""
    monkeypatch.setenv("KIOSK_HOME", str(settings.home))
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("KIOSK_PASSPHRASE", settings.passphrase.decode())
    return lambda *words: CliRunner().invoke(main, ["programmes", *words])


def test_a_rule_is_tried_by_a_command(scene, run):
    answer = run("try", "PANGAN", "--expression", "desil <= 4")
    assert answer.exit_code == 0, answer.output
    assert re.search(r"^Jumlah +18 +24 +6 +0$", answer.output, re.M)


def test_a_file_is_loaded_by_a_command_or_not_at_all(app, scene, run, tmp_path):
    listed = tmp_path / "program.toml"
    text = (
        '[[card_rule]]\nvalid_from = 2027-01-01\nvalidity_years = 5\nlegal_reference = "Juknis"\n'
        '[[programme]]\ncode = "LANSIA"\nname = "Lansia"\npillar = "SEHAT"\noffice = "DINKES"\npackage = "-"\n'
        'carrying = "visited"\nsubject = "person"\nunit = "kunjungan"\nperiod = "none"\nplaces = ["puskesmas"]\n'
        '[[programme.clause]]\ncode = "usia"\nexpression = "{}"\nwords = "usia"\n'
    )
    listed.write_text(text.format("umur >= 60"))
    assert run("load", str(listed)).exit_code == 1
    with app.extensions["kiosk"].database.reading() as session:
        assert session.get(Programme, "LANSIA") is None
    listed.write_text(text.format("usia >= 60"))
    answer = run("load", str(listed))
    assert answer.exit_code == 0, answer.output
    assert "Perhatikan" not in answer.output
    with app.extensions["kiosk"].database.reading() as session:
        assert session.get_one(Programme, "LANSIA").clauses[0]["expression"] == "usia >= 60"
    listed.write_text(text.format("usia >= 60 && usia < 60"))
    answer = run("load", str(listed))
    assert answer.exit_code == 0, "the families may come after the file"
    assert "syarat LANSIA tidak dipenuhi siapa pun" in answer.output
