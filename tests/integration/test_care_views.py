"""The pages of the puskesmas, of attendance, and of undoing: what they show, keep, refuse, and never show."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from card_scene import CardScene
from kiosk_fixtures import Browser
from sqlalchemy import func, select, update

from kiosk.clock import now
from kiosk.filters import tanggal
from registry.cards import cards
from registry.days import local_day
from registry.kinds import BlockReason, PointKind, Role, VisitKind
from registry.models import Attempt, AuditLine, Card, Family, Person, Pregnancy, ServicePoint, Visit, VisitUndo

CARE = "/layanan-kesehatan"
EMERGENCY = "Keadaan darurat tidak pernah ditolak"


@pytest.fixture
def worker(scene) -> Browser:
    browser = scene.sign_in(Role.HEALTH_WORKER)
    become(scene, PointKind.PUSKESMAS)
    return browser


def become(scene: CardScene, kind: PointKind) -> None:
    """Make the officers' point a place of another kind."""
    with scene.state.database.writing() as session:
        session.execute(update(ServicePoint).where(ServicePoint.code.like("LOKET-%")).values(kind=kind))


def active_card(scene: CardScene, **facts) -> Card:
    card = scene.print_card(scene.add_family(**facts))
    with scene.state.database.reading() as session:
        head = session.get_one(Person, card.head_id)
    scene.change(cards.note_read_back, card)
    scene.change(cards.hand_over, card, head, id_seen=True)
    return card


def person(scene: CardScene, card: Card, place: int = 0) -> str:
    with scene.state.database.reading() as session:
        return str(session.get_one(Family, card.family_id).people[place].id)


def form(scene: CardScene, card: Card, place: int = 0, **rest: str) -> dict[str, str]:
    return {"scanned": scene.text_of(card), "person": person(scene, card, place), **rest}


def in_days(days: int) -> str:
    return (local_day(now()) + timedelta(days=days)).isoformat()


def visit(scene: CardScene, card: Card, kind: str = "treatment", place: int = 0, **rest: str) -> dict[str, str]:
    return form(scene, card, place, **({"kind": kind, "key": str(uuid4())} | rest))


def rows(scene: CardScene, table: type) -> list:
    with scene.state.database.reading() as session:
        return list(session.scalars(select(table).order_by(table.id if hasattr(table, "id") else table.visit_id)))


def register(scene: CardScene, worker: Browser, card: Card):
    return worker.post(f"{CARE}/kehamilan", form(scene, card, due_on=in_days(150)))


# what is shown


def test_a_scan_shows_the_people_and_then_the_person(scene, worker):
    card = active_card(scene)
    page = worker.post(CARE, {"scanned": scene.text_of(card)}).text
    for shown in ("SITI AMINAH", "RAHMAT", "MINA", "lahir tahun 1980", EMERGENCY):
        assert shown in page
    page = worker.post(f"{CARE}/orang", form(scene, card)).text
    assert "SITI AMINAH" in page
    assert "KHBS" in page
    assert "JKN tidak diketahui: cek P-Care" in page
    assert "RAHMAT" not in page


def test_a_photo_is_shown_when_there_is_one(scene, worker):
    card = active_card(scene)
    with scene.state.database.reading() as session:
        reference = session.get_one(Family, card.family_id).reference
    assert "data:image/jpeg" not in worker.post(CARE, {"scanned": scene.text_of(card)}).text
    scene.give_photo(reference)
    assert worker.post(CARE, {"scanned": scene.text_of(card)}).text.count("data:image/jpeg") == 1
    assert "data:image/jpeg" in worker.post(f"{CARE}/orang", form(scene, card)).text


def test_what_a_source_said_of_the_cover_is_told_with_source_and_date(scene, worker):
    from registry.db import new_id
    from registry.models import PersonFacts

    card, said_on = active_card(scene), local_day(now()).replace(day=1)
    with scene.state.database.writing() as session:
        session.add(
            PersonFacts(
                id=new_id(),
                person_id=card.head_id,
                source="DTSEN",
                as_of=said_on,
                recorded_at=now(),
                jkn="PBI",
            )
        )
    page = worker.post(f"{CARE}/orang", form(scene, card)).text
    assert "PBI (iuran dibayar pemerintah)" in page
    assert f"menurut DTSEN, {tanggal(said_on)}" in page
    assert "PBI-JK nonaktif" in page
    assert "belum terdaftar sebagai peserta JKN" not in page


def every_page(scene: CardScene, worker: Browser) -> dict[str, str]:
    """Return every page that a health worker can come to with a card, by name."""
    card = active_card(scene, desil=2, receives_pkh=False)
    pages = {"page": worker.get(CARE).text, "emergency": worker.get(f"{CARE}/darurat").text}
    pages["home"] = worker.get("/").text
    pages["members"] = worker.post(CARE, {"scanned": scene.text_of(card)}).text
    pages["member"] = worker.post(f"{CARE}/orang", form(scene, card)).text
    pages["registered"] = register(scene, worker, card).text
    answer = worker.post(f"{CARE}/kunjungan", visit(scene, card, "pregnancy", next_on=in_days(30)))
    pages["recorded"] = worker.get(answer.location).text
    pages["wrong date"] = worker.post(f"{CARE}/kunjungan", visit(scene, card, "pregnancy", next_on=in_days(-1))).text
    pages["wrong person"] = worker.post(f"{CARE}/orang", {"scanned": scene.text_of(card), "person": "x"}).text
    pages["no man is"] = worker.post(f"{CARE}/kehamilan", form(scene, card, 1, due_on=in_days(150))).text
    pages["today"] = worker.get(f"{CARE}/hari-ini").text
    scene.change(cards.block_card, card, BlockReason.LOST)
    pages["blocked"] = worker.post(CARE, {"scanned": scene.text_of(card)}).text
    pages["not ours"] = worker.post(CARE, {"scanned": "apa saja"}).text
    return pages


def test_no_page_speaks_of_poverty_aid_address_or_numbers_of_the_state(scene, worker):
    pages = every_page(scene, worker)
    forbidden = re.compile(
        r"\bdesil\b|\bPKH\b|\bsembako\b|\bBLT\b|\bRp\d|\bRT \d|\bJl\.|Buntut Bali|\d{16}", re.IGNORECASE
    )
    found = {name: forbidden.findall(page) for name, page in pages.items()}
    assert {name: what for name, what in found.items() if what} == {}


def test_every_page_says_that_an_emergency_is_never_refused(scene, worker):
    pages = every_page(scene, worker)
    del pages["home"]
    assert [name for name, page in pages.items() if EMERGENCY not in page] == []


def test_a_refusal_names_the_hospitals_that_are_free(scene, worker):
    page = worker.post(CARE, {"scanned": "apa saja"}).text
    for hospital in ("RSUD dr. Doris Sylvanus", "RSUD Hanau", "RSJ Kalawa Atei"):
        assert hospital in page
    before = len(rows(scene, Attempt))
    assert "RSUD Hanau" in worker.get(f"{CARE}/darurat").text
    assert len(rows(scene, Attempt)) == before


def test_records_of_other_places_are_not_shown(scene, worker):
    card = active_card(scene)
    register(scene, worker, card)
    worker.post(f"{CARE}/kunjungan", visit(scene, card, "pregnancy"))
    [stored] = rows(scene, Visit)
    other = scene.sign_in(Role.HEALTH_WORKER, username="lain", area="62.06.06")
    become(scene, PointKind.PUSKESMAS)
    assert worker.get(f"{CARE}/tercatat/{stored.id}").status_code == 200
    assert other.get(f"{CARE}/tercatat/{stored.id}").status_code == 404
    page = other.post(f"{CARE}/orang", form(scene, card)).text
    assert "1 dari 6 kunjungan" in page
    assert "Loket uji" not in page.replace("<small>Loket uji</small>", "")
    assert "<dt>Pendampingan ibu hamil</dt><dd>0</dd>" in other.get(f"{CARE}/hari-ini").text


@pytest.mark.parametrize(
    "path", ["/keluarga", "/pindai", "/audit", "/jejak", "/kartu", "/kunjungan", "/kehadiran", "/tahap"]
)
def test_nothing_else_is_open_to_a_health_worker(worker, path):
    answer = worker.get(path)
    assert answer.status_code in (403, 404)
    assert path == "/audit" or answer.status_code == 403


# what is recorded


@pytest.mark.parametrize(("kind", "name"), [("treatment", "Berobat"), ("ambulance", "Pemakaian ambulans")])
def test_a_visit_is_recorded_by_one_press_and_shown(scene, worker, kind, name):
    card = active_card(scene)
    asked = visit(scene, card, kind)
    answers = [worker.post(f"{CARE}/kunjungan", asked) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    assert answers[0].location == answers[1].location
    page = worker.get(answers[0].location).text
    assert "Tercatat" in page
    assert name in page
    [stored] = rows(scene, Visit)
    assert (stored.kind, stored.card_id) == (VisitKind(kind), card.id)


def test_the_buttons_of_the_page_send_what_is_recorded(scene, worker):
    card = active_card(scene)
    page = worker.post(f"{CARE}/orang", form(scene, card)).text
    sent = page[page.index(f'action="{CARE}/kunjungan"') :]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', sent[: sent.index("</form>")]))
    answer = worker.post(f"{CARE}/kunjungan", {name: html.unescape(value) for name, value in fields.items()})
    assert answer.status_code == 303


def test_a_pregnancy_is_registered_visited_and_ended(scene, worker):
    card = active_card(scene)
    page = register(scene, worker, card).text
    assert "Kehamilan terdaftar" in page
    assert "Catat kunjungan ke-1" in page
    answer = worker.post(f"{CARE}/kunjungan", visit(scene, card, "pregnancy", next_on=in_days(28)))
    page = worker.get(answer.location).text
    assert "ke-1 dari 6" in page
    assert "Kunjungan berikutnya" in page
    for _ in range(5):
        worker.post(f"{CARE}/kunjungan", visit(scene, card, "pregnancy"))
    assert "Semua kunjungan sudah dicatat" in worker.post(f"{CARE}/orang", form(scene, card)).text
    refused = worker.post(f"{CARE}/kunjungan", visit(scene, card, "pregnancy")).text
    assert "Jatah sudah habis" in refused
    assert "Jatah 6 kali untuk Pendampingan Ibu Hamil" in refused
    assert worker.post(f"{CARE}/kehamilan/selesai", form(scene, card)).status_code == 303
    assert worker.post(f"{CARE}/kehamilan/selesai", form(scene, card)).status_code == 409
    [pregnancy] = rows(scene, Pregnancy)
    assert pregnancy.ended_on == local_day(now())


def test_the_clauses_of_the_programme_are_told_in_words(scene, worker):
    card = active_card(scene)
    page = worker.post(f"{CARE}/kehamilan", form(scene, card, 1, due_on=in_days(150))).text
    assert "Syarat tidak terpenuhi" in page
    assert "untuk perempuan" in page
    assert "Daftarkan kehamilan" not in worker.post(f"{CARE}/orang", form(scene, card, 1)).text


def test_the_slip_of_a_refused_pregnancy_names_whom_it_is_about(scene, worker):
    card = active_card(scene)
    page = worker.post(f"{CARE}/kehamilan", form(scene, card, 1, due_on=in_days(150))).text
    [attempt] = rows(scene, Attempt)
    assert str(attempt.person_id) == person(scene, card, 1)
    slip = worker.get(re.search(r'href="(/pengaduan/penolakan/[^"]+)"', page)[1])
    paper = words_of(slip.data)
    assert "Untuk RAHMAT, lahir tahun 2004" in paper
    assert card.number in paper
    assert "SITI AMINAH" not in paper


@pytest.mark.parametrize(("field", "path", "rest"), [
    ("due_on", "kehamilan", {"due_on": "2020-01-01"}),
    ("due_on", "kehamilan", {"due_on": "besok"}),
    ("due_on", "kehamilan", {}),
    ("next_on", "kunjungan", {"kind": "pregnancy", "key": str(uuid4()), "next_on": "2020-01-01"}),
])  # fmt: skip
def test_a_date_that_cannot_be_is_asked_again(scene, worker, field, path, rest):
    card = active_card(scene)
    register(scene, worker, card) if path == "kunjungan" else None
    answer = worker.post(f"{CARE}/{path}", form(scene, card, **rest))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "SITI AMINAH" in answer.text


@pytest.mark.parametrize("rest", [{"kind": "attendance"}, {"kind": "diagnosis"}, {"key": "x"}])
def test_a_form_that_no_page_makes_records_nothing(scene, worker, rest):
    card = active_card(scene)
    assert worker.post(f"{CARE}/kunjungan", visit(scene, card, **rest)).status_code == 422
    assert rows(scene, Visit) == []


# who is reached, and by what


def acts(scene: CardScene, card: Card) -> list[tuple[str, dict[str, str]]]:
    """Return every act on a person, with a form that would do it."""
    return [
        ("orang", {}),
        ("kunjungan", {"kind": "treatment", "key": str(uuid4())}),
        ("kehamilan", {"due_on": in_days(100)}),
        ("kehamilan/selesai", {}),
        ("surat.pdf", {"ask": "enrol"}),
    ]


def test_another_familys_person_is_never_reached(scene, worker):
    card, other = active_card(scene), active_card(scene)
    for path, rest in acts(scene, card):
        page = worker.post(f"{CARE}/{path}", {"scanned": scene.text_of(card), "person": person(scene, other), **rest})
        assert page.status_code == 200
        assert "Bukan anggota keluarga ini" in page.text
        assert EMERGENCY in page.text
    kept = [(one.card_id, one.person_id, one.reasons) for one in rows(scene, Attempt)]
    assert kept == [(card.id, None, ["person_not_of_family"])] * 5
    assert rows(scene, Visit) == rows(scene, Pregnancy) == []


def test_without_the_card_nobody_is_reached(scene, worker):
    card = active_card(scene)
    text = scene.text_of(card)
    changed = text[:200] + ("A" if text[200] != "A" else "B") + text[201:]
    for path, rest in acts(scene, card):
        for scanned in ("", changed):
            page = worker.post(f"{CARE}/{path}", {"scanned": scanned, "person": person(scene, card), **rest})
            assert page.status_code == 200
            assert "SITI AMINAH" not in page.text
    assert rows(scene, Visit) == rows(scene, Pregnancy) == []


def test_a_card_that_was_blocked_meanwhile_opens_nothing_more(scene, worker):
    card = active_card(scene)
    scene.change(cards.block_card, card, BlockReason.LOST)
    for path, rest in acts(scene, card):
        page = worker.post(f"{CARE}/{path}", form(scene, card, **rest)).text
        assert "Kartu diblokir" in page
        assert EMERGENCY in page
    assert {tuple(one.reasons) for one in rows(scene, Attempt)} == {("card_blocked",)}
    with scene.state.database.reading() as session:
        assert session.scalar(select(func.count()).where(AuditLine.action == "scan.refused")) == 5


def test_an_expired_card_and_a_sample_card_are_refused_with_the_emergency_note(scene, worker):
    card = active_card(scene)
    with scene.state.database.writing() as session:
        session.execute(update(Card).values(expires_at=now() - timedelta(days=1)))
    for sent, word in (
        ({"typed": card.number}, "Masa berlaku habis"),
        ({"scanned": "https://contoh.id"}, "Bukan Kartu"),
    ):
        page = worker.post(CARE, sent).text
        assert word in page
        assert "gratis di kelas III" in page
        assert "Adukan" in page


def test_a_number_typed_by_hand_shows_nobody_of_another_area(scene, worker):
    card = active_card(scene, village="62.71.01.1001")
    page = worker.post(CARE, {"typed": card.number}).text
    assert "Kartu wilayah lain" in page
    assert re.search(r'id="putusan">([^<]+)<', page)[1] == "Pindai kodenya"
    assert "SITI AMINAH" not in page
    assert "SITI AMINAH" in worker.post(CARE, {"scanned": scene.text_of(card)}).text


def test_nothing_scanned_asks_to_scan(worker):
    answer = worker.post(CARE, {})
    assert answer.status_code == 422
    assert "Pindai kartu" in answer.text


def test_no_name_no_number_and_no_person_stands_in_an_address(scene, worker):
    card = active_card(scene)
    who = person(scene, card)
    answer = worker.post(f"{CARE}/kunjungan", visit(scene, card))
    for secret in (who, card.number, scene.text_of(card), "SITI"):
        assert secret not in answer.location
    page = worker.post(f"{CARE}/orang", form(scene, card)).text
    addresses = re.findall(r'(?:href|action|src)="(/[^"]*)"', page)
    assert [one for one in addresses if who in one or card.number in one] == []


# the letter


def words_of(pdf: bytes) -> str:
    from printing_samples import words

    return re.sub(r"\s+", " ", words(pdf, 0))


def test_the_letter_says_what_is_asked_and_neither_number_nor_finding(scene, worker):
    card = active_card(scene)
    answer = worker.post(f"{CARE}/surat.pdf", form(scene, card, ask="reactivate"))
    assert answer.mimetype == "application/pdf"
    said = words_of(answer.data)
    for part in ("SITI AMINAH", "1980", card.number, "Loket uji", "Dinas Sosial Kabupaten Katingan",
                 "kepesertaan PBI-JK yang dinonaktifkan diaktifkan kembali", "KTP dan KK asli"):  # fmt: skip
        assert part in said
    with scene.state.database.reading() as session:
        reference = session.get_one(Family, card.family_id).reference
        line = session.scalars(select(AuditLine).where(AuditLine.action == "referral.made")).one()
    assert [number for number in scene.numbers_of(reference) if number in said] == []
    assert line.subject == f"person:{card.head_id}"
    assert line.hash.hex()[-8:] in said


def test_the_letter_asks_for_a_look_into_p_care_first(scene, worker):
    card = active_card(scene)
    answer = worker.post(f"{CARE}/surat.pdf", form(scene, card))
    assert answer.status_code == 422
    assert "Cek P-Care dulu" in answer.text


# undoing


def test_a_supervisor_finds_a_visit_without_a_name_and_undoes_it(scene, worker):
    card = active_card(scene)
    worker.post(f"{CARE}/kunjungan", visit(scene, card))
    [stored] = rows(scene, Visit)
    supervisor = scene.signed_in(Role.SUPERVISOR, username="penyelia")
    page = supervisor.get("/kunjungan").text
    assert str(stored.id)[-6:] in page
    assert "SITI" not in page
    empty = supervisor.post(f"/kunjungan/{stored.id}/batal", {"reason": " "})
    assert empty.status_code == 422
    assert "pembatalan tanpa alasan tidak diterima" in empty.text
    assert supervisor.post(f"/kunjungan/{stored.id}/batal", {"reason": "salah orang"}).status_code == 303
    assert [undo.reason for undo in rows(scene, VisitUndo)] == ["salah orang"]
    assert "dibatalkan" in supervisor.get("/kunjungan").text
    assert supervisor.post(f"/kunjungan/{stored.id}/batal", {"reason": "lagi"}).status_code == 409
    assert "Dibatalkan" in worker.get(f"{CARE}/tercatat/{stored.id}").text
    assert worker.post(f"/kunjungan/{stored.id}/batal", {"reason": "x"}).status_code == 403


def test_a_supervisor_of_another_area_sees_and_undoes_nothing(scene, worker):
    card = active_card(scene)
    worker.post(f"{CARE}/kunjungan", visit(scene, card))
    [stored] = rows(scene, Visit)
    supervisor = scene.sign_in(Role.SUPERVISOR, username="penyelia", area="62.01")
    assert str(stored.id)[-6:] not in supervisor.get("/kunjungan").text
    assert supervisor.post(f"/kunjungan/{stored.id}/batal", {"reason": "x"}).status_code == 404
    assert supervisor.get("/kunjungan?hari=kemarin").status_code == 200


# attendance


def attend(scene: CardScene, browser: Browser, card: Card, place: int = 0):
    return browser.post("/kehadiran/catat", form(scene, card, place))


@pytest.mark.parametrize(("role", "kind"), [
    (Role.DISTRIBUTOR, PointKind.OFFICE), (Role.SUPERVISOR, PointKind.OFFICE), (Role.SCHOOL_CLERK, PointKind.SCHOOL),
])  # fmt: skip
def test_attendance_is_noted_once_a_day(scene, role, kind):
    browser = scene.sign_in(role)
    become(scene, kind)
    card = active_card(scene)
    members = browser.post("/kehadiran", {"scanned": scene.text_of(card)}).text
    assert "MINA" in members
    assert ("SITI AMINAH" in members) == (kind is PointKind.OFFICE)
    answer = attend(scene, browser, card, 2)
    assert "Hadir" in browser.get(answer.location).text
    again = attend(scene, browser, card, 2)
    assert again.location == "/kehadiran"
    assert "sudah tercatat" in browser.get(again.location).text
    assert "1 orang tercatat hadir" in browser.get("/kehadiran").text
    [stored] = rows(scene, Visit)
    assert (stored.kind, str(stored.person_id)) == (VisitKind.ATTENDANCE, person(scene, card, 2))


def test_attendance_of_a_stranger_is_refused_and_kept(scene):
    browser = scene.sign_in(Role.SCHOOL_CLERK)
    become(scene, PointKind.SCHOOL)
    card, other = active_card(scene), active_card(scene)
    for place, who in ((0, card), (2, other)):
        page = browser.post(
            "/kehadiran/catat", {"scanned": scene.text_of(card), "person": person(scene, who, place)}
        ).text
        assert "Bukan anggota keluarga ini" in page
    assert len(rows(scene, Attempt)) == 2
    assert rows(scene, Visit) == []


@pytest.mark.parametrize("kind", list(PointKind))
def test_attendance_is_a_task_only_where_it_is_served(scene, kind):
    browser = scene.sign_in(Role.DISTRIBUTOR)
    become(scene, kind)
    is_served = kind in (PointKind.OFFICE, PointKind.SCHOOL)
    assert ('href="/kehadiran"' in browser.get("/").text) == is_served
    page = browser.get("/kehadiran")
    assert page.status_code == 200
    assert ("Pindai kartu keluarga yang hadir" in page.text) == is_served
    assert ("Kalteng Mengaji dilayani di kantor, sekolah." in page.text) != is_served


def test_attendance_where_it_is_not_taken_shows_nobody_says_where_and_is_kept(scene):
    browser = scene.sign_in(Role.DISTRIBUTOR)
    card = active_card(scene)
    looked = browser.post("/kehadiran", {"scanned": scene.text_of(card)})
    for page in (looked.text, attend(scene, browser, card).text):
        assert "Tidak dilayani di tempat ini" in page
        assert "Kalteng Mengaji dilayani di kantor, sekolah." in page
        assert "SITI AMINAH" not in page
    assert [(one.person_id, one.reasons) for one in rows(scene, Attempt)] == [(None, ["not_served_here"])] * 2
    assert rows(scene, Visit) == []
