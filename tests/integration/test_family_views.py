"""The pages of families: who finds whom, and what is shown of them."""

from __future__ import annotations

import json

import pytest
from family_scene import FAR_VILLAGE, VILLAGE, FamilyScene, rows_of
from invented import invent_families, nik_of, number_of
from sqlalchemy import select

from registry.audit import verify_chains
from registry.kinds import Role
from registry.models import AuditLine, Person


@pytest.fixture
def scene(app, tmp_path) -> FamilyScene:
    return FamilyScene(app.extensions["kiosk"], tmp_path)


@pytest.fixture
def registrar(signed_in):
    return signed_in(Role.REGISTRAR, area="62.06.05")


def find(browser, asked: str, **rest: str):
    return browser.post("/keluarga/cari", {"asked": asked, **rest})


@pytest.mark.parametrize("asked", [number_of(VILLAGE, 0), nik_of(VILLAGE, 0, 2), "rizki"])
def test_a_family_is_found_by_number_nik_and_a_part_of_any_name(scene, registrar, asked):
    [family] = scene.add_families()
    page = find(registrar, asked)
    assert page.status_code == 200
    assert f"/keluarga/{family.reference}" in page.text
    assert "Petak Puti, Katingan Tengah" in page.text


def test_a_family_found_by_another_than_its_head_says_whom(scene, registrar):
    scene.add_families()
    assert "dengan anggota <b>Rizki Kahayan</b>" in find(registrar, "rizki").text
    assert "dengan anggota" not in find(registrar, "kahayan").text


def test_a_number_may_be_typed_with_spaces_and_dots(scene, registrar):
    scene.add_families()
    number = number_of(VILLAGE, 0)
    assert "1 keluarga ditemukan" in find(registrar, f" {number[:6]}.{number[6:12]} {number[12:]}").text


def test_nobody_of_another_area_is_found_or_shown(scene, registrar):
    [far] = scene.add_families(FAR_VILLAGE)
    for asked in (number_of(FAR_VILLAGE, 0), nik_of(FAR_VILLAGE, 0), "uhing"):
        assert "Tidak ada keluarga yang cocok" in find(registrar, asked).text
    assert registrar.get(f"/keluarga/{far.reference}").status_code == 404
    assert registrar.post(f"/keluarga/{far.reference}/nik", {"reason": "compare"}).status_code == 404


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("", "Isi Nomor KK, NIK, atau nama"),
        ("ab", "paling sedikit 3 huruf"),
        ("620605170310", "16 angka"),
        ("62060517O3100001", "NIK dan Nomor KK"),
        ("uhing\x07", "huruf, angka, dan tanda baca"),
    ],
)
def test_a_search_that_cannot_find_is_refused_with_the_reason(registrar, asked, said):
    page = find(registrar, asked)
    assert page.status_code == 422
    assert said in page.text


def test_a_region_outside_the_own_area_cannot_be_chosen(registrar):
    assert find(registrar, "uhing", region="62.02").status_code == 422


def test_results_come_in_pages_that_overlap_nowhere(scene, registrar):
    scene.add_families(count=25)
    seen = []
    for page in ("1", "2"):
        text = find(registrar, "", region=VILLAGE, page=page).text
        seen += [line.split('"')[0] for line in text.split("/keluarga/")[1:] if len(line.split('"')[0]) == 8]
    assert len(seen) == len(set(seen)) == 25


def test_a_search_is_no_writing(scene, registrar):
    """While a writer holds the database, searching goes on."""
    scene.add_families()
    with scene.state.database.writing() as session:
        session.scalars(select(Person)).all()  # the lock is taken with the first statement
        token = registrar.token()
        answer = registrar.client.post("/keluarga/cari", data={"csrf_token": token, "asked": "uhing"})
    assert answer.status_code == 200


def test_the_page_of_a_family_shows_no_whole_number(scene, registrar):
    [family] = scene.add_families()
    page = registrar.get(f"/keluarga/{family.reference}").text
    for number in (number_of(VILLAGE, 0), *(nik_of(VILLAGE, 0, position) for position in range(3))):
        assert number not in page
        assert number.masked in page
    assert "Petak Puti, Kecamatan Katingan Tengah, Kabupaten Katingan" in page
    assert "desil 1" in page
    assert "DTSEN, 31 Januari 2026" in page
    assert "PBI (iuran dibayar pemerintah)" in page


def test_whole_numbers_need_the_right(scene, signed_in):
    [family] = scene.add_families()
    clerk = signed_in(Role.CARD_CLERK)
    assert "Lihat NIK" not in clerk.get(f"/keluarga/{family.reference}").text
    assert clerk.post(f"/keluarga/{family.reference}/nik", {"reason": "compare"}).status_code == 403


@pytest.mark.parametrize("reason", ["", "because", "6206051703103000"])
def test_whole_numbers_need_a_reason_of_the_list(scene, registrar, reason):
    [family] = scene.add_families()
    page = registrar.post(f"/keluarga/{family.reference}/nik", {"reason": reason})
    assert page.status_code == 422
    assert number_of(VILLAGE, 0) not in page.text


def test_who_saw_whole_numbers_and_why_is_recorded(scene, registrar):
    [family] = scene.add_families()
    page = registrar.post(f"/keluarga/{family.reference}/nik", {"reason": "compare"})
    assert page.status_code == 200
    assert number_of(VILLAGE, 0) in page.text
    assert nik_of(VILLAGE, 0, 1) in page.text
    with scene.state.database.reading() as session:
        line = session.scalars(select(AuditLine).where(AuditLine.action == "family.nik_shown")).one()
        assert line.subject == f"family:{family.id}"
        assert json.loads(line.detail)["reason"] == "compare"
        assert line.officer_id is not None
        assert verify_chains(session, key=scene.state.keys.audit_key) == []


def test_what_changed_stands_in_words(scene, registrar):
    [family] = scene.add_families()
    rows = rows_of(next(invent_families(VILLAGE, 1)))
    for row in rows:
        row[6], row[7] = "62.06.05.2004", "Jl. Baru No. 9"
    rows[2][3], rows[2][5] = "Cucu", "2009-11-06"
    scene.import_rows(rows)
    page = registrar.get(f"/keluarga/{family.reference}").text
    for said in ("Petak Puti, Katingan Tengah", "Telok, Katingan Tengah", "Jl. Baru No. 9", "cucu", "6 November 2009"):
        assert said in page


def test_a_former_number_is_kept_and_hidden(scene, registrar):
    [family] = scene.add_families()
    rows = rows_of(next(invent_families(VILLAGE, 1)))
    for row in rows:
        row[0] = "6206052802269999"
    scene.import_rows(rows)
    page = registrar.get(f"/keluarga/{family.reference}").text
    assert "6206••••••••9999" in page
    assert f'Sebelumnya <span class="number">{number_of(VILLAGE, 0).masked}' in page
    assert family.reference in find(registrar, number_of(VILLAGE, 0)).text


def test_a_family_without_head_or_facts_has_a_page_too(scene, registrar):
    [family] = scene.add_families()
    with scene.state.database.writing() as session:
        for person in session.scalars(select(Person).where(Person.family_id == family.id)):
            person.state = "dead"
    page = registrar.get(f"/keluarga/{family.reference}")
    assert page.status_code == 200
    assert "Keluarga tanpa kepala" in page.text


@pytest.mark.parametrize("reference", ["tidakada", "x", "6206051703103000"])
def test_a_reference_of_nobody_is_not_found(registrar, reference):
    assert registrar.get(f"/keluarga/{reference}").status_code == 404
