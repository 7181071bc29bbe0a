"""The pages where held families are decided on."""

from __future__ import annotations

from uuid import uuid4

import pytest
from family_scene import FAR_VILLAGE, NEXT_VILLAGE, VILLAGE, FamilyScene, rows_of, two_heads
from invented import invent_families, nik_of
from sqlalchemy import func, select

from registry.errors import Conflict
from registry.families.families import find_families, head_of
from registry.importing import HeldChoice, decide_held, get_held
from registry.kinds import Role
from registry.models import AuditLine, Family, HeldFamily, Person
from registry.regions import PROVINCE, find_path


@pytest.fixture
def scene(app, tmp_path) -> FamilyScene:
    return FamilyScene(app.extensions["kiosk"], tmp_path)


@pytest.fixture
def registrar(signed_in):
    return signed_in(Role.REGISTRAR)


def only_held(scene) -> HeldFamily:
    with scene.state.database.reading() as session:
        return session.scalars(select(HeldFamily)).one()


def count_families(scene) -> int:
    with scene.state.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Family)) or 0


def head_named(scene, village: str) -> str:
    with scene.state.database.reading() as session:
        family = session.scalars(select(Family).where(Family.village_code == village)).one()
        return head_of(family).name


def with_wife_of_another(village: str = NEXT_VILLAGE) -> list[list[str]]:
    """Return the rows of a family in which a list names a woman who is known in another one (line 5)."""
    rows = rows_of(next(invent_families(village, 1)))
    other = rows_of(next(invent_families(VILLAGE, 1)))[1]
    return [*rows, [rows[0][0], *other[1:6], *rows[0][6:]]]


def test_the_chosen_head_heads_the_family(scene, registrar):
    scene.import_rows(two_heads())
    address = f"/putusan/{only_held(scene).id}"
    assert "Dua kepala keluarga" in registrar.get(address).text
    answer = registrar.post(address, {"head": "3", "confirmed": "yes"})
    assert answer.status_code == 303
    assert "Keputusan sudah dijalankan" in registrar.get(answer.location).text
    assert head_named(scene, VILLAGE) == "Lestari Nahan Kahayan"
    assert only_held(scene).decision == "head"
    with scene.state.database.reading() as session:
        line = session.scalars(select(AuditLine).where(AuditLine.action == "held.decided")).one()
        assert line.officer_id == only_held(scene).decided_by is not None


def test_an_unconfirmed_choice_only_tells_what_would_happen(scene, registrar):
    scene.import_rows(two_heads())
    page = registrar.post(f"/putusan/{only_held(scene).id}", {"head": "3"})
    assert page.status_code == 200
    assert "Lestari Nahan Kahayan menjadi kepala keluarga" in page.text
    assert 'name="head" value="3"' in page.text
    assert count_families(scene) == 0
    assert only_held(scene).decision is None


def test_nothing_is_taken_of_a_family_that_is_dropped(scene, registrar):
    scene.import_rows(two_heads())
    address = f"/putusan/{only_held(scene).id}"
    page = registrar.post(address, {"drop": "yes"})
    assert "Tidak satu pun dari 3 baris" in page.text
    answer = registrar.post(address, {"drop": "yes", "confirmed": "yes"})
    assert answer.location == "/putusan"
    assert count_families(scene) == 0
    assert only_held(scene).decision == "dropped"


@pytest.mark.parametrize(
    ("place", "homes", "decision"), [("here", [NEXT_VILLAGE], "moved_here"), ("there", [VILLAGE], "kept_there")]
)
def test_a_person_of_two_families_ends_in_the_chosen_one(scene, registrar, place, homes, decision):
    scene.add_families()
    scene.import_rows(with_wife_of_another())
    address = f"/putusan/{only_held(scene).id}"
    page = registrar.get(address).text
    assert "Di mana Lestari Nahan Kahayan tinggal?" in page
    assert "Uhing Saputra Kahayan" in page
    registrar.post(address, {"head": "2", "place_5": place, "confirmed": "yes"})
    with scene.state.database.reading() as session:
        found = find_families(session, area=PROVINCE, vault=scene.state.keys.vault, nik=nik_of(VILLAGE, 0, 1))
    assert [family.village_code for family in found] == homes
    assert only_held(scene).decision == decision


def test_a_choice_that_leaves_the_question_open_is_refused(scene, registrar):
    scene.add_families()
    scene.import_rows(with_wife_of_another())
    address = f"/putusan/{only_held(scene).id}"
    assert registrar.post(address, {"head": "2", "confirmed": "yes"}).status_code == 422
    answer = registrar.post(address, {"head": "5", "place_5": "there", "confirmed": "yes"})
    assert answer.status_code == 409
    assert "Tidak ada kepala keluarga" in answer.text
    assert only_held(scene).decision is None


def test_nobody_is_taken_out_of_a_family_of_another_area(scene, signed_in):
    clerk = signed_in(Role.REGISTRAR, area="62.06")
    scene.add_families(FAR_VILLAGE)
    rows = rows_of(next(invent_families(VILLAGE, 1)))
    foreign = rows_of(next(invent_families(FAR_VILLAGE, 1)))[1]
    scene.import_rows([*rows, [rows[0][0], *foreign[1:6], *rows[0][6:]]])
    address = f"/putusan/{only_held(scene).id}"
    page = clerk.get(address).text
    assert "di luar wilayah layanan Anda" in page
    assert page.count("Uhing Saputra Kahayan") == rows_shown(clerk, address, "Uhing Saputra Kahayan")
    answer = clerk.post(address, {"head": "2", "place_5": "here", "confirmed": "yes"})
    assert answer.status_code == 409
    assert "Keluarga lamanya di luar wilayah Anda" in answer.text
    assert clerk.post(address, {"head": "2", "place_5": "there", "confirmed": "yes"}).status_code == 303


def test_of_a_family_elsewhere_only_that_it_is_elsewhere_is_shown(scene, signed_in):
    clerk = signed_in(Role.REGISTRAR, area="62.06")
    scene.add_families(FAR_VILLAGE)
    rows = rows_of(next(invent_families(FAR_VILLAGE, 1)))
    for row in rows:
        row[2], row[5], row[6] = "Nama Tebakan", "1999-01-01", VILLAGE
    planned = scene.plan(scene.list_file(rows), area="62.06")
    scene.apply(planned)
    held = only_held(scene)
    assert held.code == "family_outside_area"
    page = clerk.get(f"/putusan/{held.id}").text
    assert "Tercatat di wilayah lain" in page
    with scene.state.database.reading() as session:
        theirs = session.scalars(select(Person)).all()
        village = find_path(session, FAR_VILLAGE).village
    assert not any(person.name in page for person in theirs)
    assert village not in page
    assert "lahir 9 Maret 1961" not in page
    answer = clerk.post(f"/putusan/{held.id}", {"head": "2", "confirmed": "yes"})
    assert answer.status_code == 409
    assert "Keluarga di luar wilayah Anda" in answer.text


def rows_shown(browser, address: str, name: str) -> int:
    """Return how often a name stands in the part of the page that shows the list, the title and the choice."""
    page = browser.get(address).text
    start = page.index("Sudah tercatat</p>")
    end = page.index('<form class="panel"')
    return page[:start].count(name) + page[end:].count(name)


def test_the_known_family_under_the_same_number_stands_beside(scene, registrar):
    scene.add_families(count=2)
    rows = rows_of(next(invent_families(NEXT_VILLAGE, 1)))
    for row in rows:
        row[0] = rows_of(*invent_families(VILLAGE, 2))[3][0]
    scene.import_rows(rows)
    held = only_held(scene)
    assert held.code == "number_of_another_family"
    page = registrar.get(f"/putusan/{held.id}").text
    assert "Dehen Manan Kahayan" in page
    answer = registrar.post(f"/putusan/{held.id}", {"head": "2", "confirmed": "yes"})
    assert answer.status_code == 409
    answer = registrar.post(f"/putusan/{held.id}", {"head": "2", "is_same_family": "y", "confirmed": "yes"})
    assert answer.status_code == 303
    assert only_held(scene).decision.endswith("same")


def test_what_differs_from_the_registry_is_said(scene, registrar):
    scene.add_families()
    rows = two_heads()
    rows[0][2], rows[2][5] = "Uhing Saputra Lain", "2009-11-06"
    scene.import_rows(rows)
    page = registrar.get(f"/putusan/{only_held(scene).id}").text
    assert "nama Uhing Saputra Kahayan" in page
    assert "lahir 5 November 2009" in page


def test_the_second_to_decide_is_told_who_was_first_and_when(scene, registrar, signed_in):
    scene.import_rows(two_heads())
    address = f"/putusan/{only_held(scene).id}"
    registrar.post(address, {"head": "2", "confirmed": "yes"})
    other = signed_in(Role.REGISTRAR, username="siti")
    answer = other.post(address, {"drop": "yes", "confirmed": "yes"})
    assert answer.status_code == 409
    assert "Budi Santoso (" in answer.text
    assert "memutuskan keluarga ini pada" in answer.text
    assert "kepala keluarga dipilih" in answer.text
    assert count_families(scene) == 1
    assert other.get(address).status_code == 200


def test_of_two_decisions_at_once_one_wins(scene):
    """Both have seen the family undecided; the second waits for the first and finds it decided."""
    scene.import_rows(two_heads())
    held_id = only_held(scene).id
    rest = {"actor": scene.actor, "keys": scene.state.keys, "at": scene.at}
    with scene.state.database.reading() as late:
        stale = get_held(late, held_id, area=PROVINCE)
        late.expunge(stale)
    with scene.state.database.writing() as session:
        decide_held(session, get_held(session, held_id, area=PROVINCE), HeldChoice(head_line=2), **rest)
    with scene.state.database.writing() as session:
        session.add(stale)
        with pytest.raises(Conflict, match="held_decided"):
            decide_held(session, stale, HeldChoice(drop=True), **rest)
    assert only_held(scene).decision == "head"


def test_held_families_of_another_area_are_neither_shown_nor_decided(scene, signed_in):
    scene.import_rows(two_heads(FAR_VILLAGE))
    clerk = signed_in(Role.REGISTRAR, area="62.06")
    assert "Tidak ada yang menunggu" in clerk.get("/putusan").text
    address = f"/putusan/{only_held(scene).id}"
    assert clerk.get(address).status_code == 404
    assert clerk.post(address, {"drop": "yes", "confirmed": "yes"}).status_code == 404


def test_the_waiting_families_are_sieved_by_reason_and_list(scene, registrar):
    scene.add_families()
    planned = scene.import_rows([*with_wife_of_another(), *two_heads("62.06.05.2005"), *two_heads("62.06.05.2006")])
    page = registrar.get("/putusan").text
    assert "3 keluarga ditahan" in page
    assert page.count('class="row"') == 3
    assert registrar.get("/putusan?alasan=two_heads").text.count('class="row"') == 2
    assert registrar.get(f"/putusan?daftar={planned.id}").text.count('class="row"') == 3
    assert "Tidak ada yang menunggu" in registrar.get(f"/putusan?daftar={uuid4()}").text


def test_a_dead_head_is_said_to_be_dead(scene, registrar):
    [family] = scene.add_families()
    with scene.state.database.writing() as session:
        head = session.scalars(select(Person).where(Person.family_id == family.id, Person.relation == "head")).one()
        head.state = "dead"
    scene.import_rows(rows_of(next(invent_families(VILLAGE, 1))))
    held = only_held(scene)
    assert held.code == "head_not_living"
    assert "Di sini tercatat meninggal" in registrar.get(f"/putusan/{held.id}").text
    assert registrar.post(f"/putusan/{held.id}", {"head": "3", "confirmed": "yes"}).status_code == 303
    assert head_named(scene, VILLAGE) == "Lestari Nahan Kahayan"


def test_no_whole_number_is_shown(scene, registrar):
    scene.add_families()
    rows = with_wife_of_another()
    scene.import_rows(rows)
    page = registrar.get(f"/putusan/{only_held(scene).id}").text
    assert not any(row[0] in page or row[1] in page for row in rows)


def test_deciding_needs_the_right(scene, signed_in):
    scene.import_rows(two_heads())
    clerk = signed_in(Role.CARD_CLERK)
    assert clerk.get("/putusan").status_code == 403
    assert clerk.post(f"/putusan/{only_held(scene).id}", {"drop": "yes", "confirmed": "yes"}).status_code == 403
