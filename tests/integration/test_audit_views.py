"""The trail as supervisors and auditors read it, and what checking it finds."""

from __future__ import annotations

import pytest
from card_scene import CardScene
from sqlalchemy import text

from registry.cards import cards
from registry.kinds import BlockReason, Role


def damage(scene: CardScene, statement: str) -> None:
    """Change the trail behind the kiosk's back, past the triggers that guard it."""
    database = scene.state.database
    with database.engine.begin() as connection:
        if database.is_sqlite:
            for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("ALTER TABLE audit_line DISABLE TRIGGER ALL"))
        connection.execute(text(statement))


def test_the_trail_says_in_words_who_did_what_when_and_where(scene):
    supervisor = scene.sign_in(Role.SUPERVISOR, Role.CARD_CLERK)
    card = scene.issue(scene.add_family())
    supervisor.post(f"/kartu/{card.number}/blokir", {"why": "lost"})
    page = supervisor.get("/jejak").text
    assert "Kartu diblokir" in page
    assert "alasan <b>hilang</b>" in page
    assert "Budi Santoso" in page
    assert "Loket uji" in page
    assert "WIB" in page


def test_a_supervisor_sees_the_own_points_chain_only(scene):
    supervisor = scene.sign_in(Role.SUPERVISOR)
    scene.issue(scene.add_family())  # at the central office
    page = supervisor.get("/jejak?titik=PUSAT").text
    assert "Kartu diterbitkan" not in page
    assert "PUSAT" not in page


def test_an_auditor_of_the_province_sees_every_point_and_can_pick_one(scene, hire):
    auditor = scene.sign_in(Role.AUDITOR, area="62")
    hire(Role.CARD_CLERK, username="siti.aminah", area="62.06")
    scene.issue(scene.add_family())
    everything = auditor.get("/jejak").text
    assert "Kartu diterbitkan" in everything
    assert "LOKET-6206" in everything
    one = auditor.get("/jejak?titik=LOKET-62").text
    assert "Kartu diterbitkan" not in one


def test_an_auditor_of_one_regency_sees_no_other_chain(scene):
    auditor = scene.sign_in(Role.AUDITOR, area="62.06")
    scene.issue(scene.add_family())
    assert "Kartu diterbitkan" not in auditor.get("/jejak").text


def test_older_lines_follow_page_by_page_without_one_being_lost(scene, monkeypatch):
    monkeypatch.setattr("kiosk.views.audit.LINES", 3)
    auditor = scene.sign_in(Role.AUDITOR, area="62")
    card = scene.issue(scene.add_family())
    scene.change(cards.block_card, card, BlockReason.LOST)
    seen, path = [], "/jejak?titik=PUSAT"
    while path:
        page = auditor.get(path).text
        seen += [one.partition("</p>")[0] for one in page.split('<p class="trail__what"><b>')[1:]]
        link = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        path = link or None
    words = [one.partition("</b>")[0] for one in seen]
    assert words[:2] == ["Kartu diblokir", "Kartu diterbitkan"]
    assert words[-1] == "Titik layanan ditambahkan"
    assert len(words) == len(set(seen))


def test_a_mark_that_is_none_shows_the_newest_lines(scene):
    auditor = scene.sign_in(Role.AUDITOR, area="62")
    assert auditor.get("/jejak?sebelum=apa&titik=apa").status_code == 200


def test_a_whole_trail_is_said_to_be_whole(scene):
    auditor = scene.sign_in(Role.AUDITOR, area="62")
    scene.issue(scene.add_family())
    page = auditor.get("/jejak/periksa").text
    assert "Jejak utuh" in page
    assert "Rantai semua titik layanan" in page


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE audit_line SET detail = '{}' WHERE action = 'point.added' AND seq = 1", "isinya diubah"),
        ("DELETE FROM audit_line WHERE seq = 1", "dihapus"),
    ],
)
def test_a_trail_that_was_tampered_with_is_said_to_be_so(scene, statement, words):
    auditor = scene.sign_in(Role.AUDITOR, area="62")
    scene.issue(scene.add_family())
    damage(scene, statement)
    page = auditor.get("/jejak/periksa").text
    assert "Jejak bermasalah" in page
    assert words in page
    assert "PUSAT" in page


def test_a_supervisor_is_told_of_faults_in_the_own_chain_only(scene):
    supervisor = scene.sign_in(Role.SUPERVISOR)
    scene.issue(scene.add_family())
    damage(scene, "DELETE FROM audit_line WHERE action = 'family.registered'")
    page = supervisor.get("/jejak/periksa").text
    assert "Rantai titik layanan Anda" in page
    assert "PUSAT" not in page


def test_the_trail_shows_no_number_of_the_state_and_no_name_of_a_family(scene):
    auditor = scene.sign_in(Role.AUDITOR, area="62")
    family = scene.add_family()
    scene.issue(family)
    page = auditor.get("/jejak").text
    for secret in (*scene.numbers_of(family), "SITI AMINAH"):
        assert secret not in page


def test_only_who_may_see_the_trail_does(scene):
    clerk = scene.sign_in(Role.CARD_CLERK)
    assert clerk.get("/jejak").status_code == 403
    assert clerk.get("/jejak/periksa").status_code == 403
