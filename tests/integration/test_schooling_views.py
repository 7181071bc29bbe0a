"""The pages of a school: from the scan to the receipt; not a word of the family's poverty, nothing in addresses."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from giving_house import kind, word
from openpyxl import load_workbook
from printing_samples import words
from school_house import SchoolHouse, choose, confirm, hidden, said
from school_scene import LETTER, NISN
from sqlalchemy import func, select

from kiosk.clock import now
from registry.cards.cards import block_card
from registry.days import local_day
from registry.db import new_id
from registry.kinds import BlockReason, Role
from registry.models import (
    Attempt,
    AuditLine,
    Complaint,
    Enrolment,
    Family,
    FamilyFacts,
    Officer,
    Person,
    Redemption,
)

SECRETS = re.compile(r"desil|pkh|sembako|blt|dtsen|miskin|bantuan pangan|RT \d|alamat|SITI AMINAH", re.IGNORECASE)
"""What no page of a school may say: the family's poverty and aid, where it lives, and who else belongs to it."""


@pytest.fixture
def school(app, signed_in) -> SchoolHouse:
    return SchoolHouse(app, signed_in)


def words_of_pdf(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", words(pdf, 0))


def test_a_pupil_is_confirmed_from_the_scan_to_the_receipt(school):
    browser = school.at("first")
    assert "2026/2027" in browser.get("/sekolah").text
    children = browser.post("/sekolah", {"scanned": school.text})
    assert f'value="{school.pupil}"' in children.text
    assert str(school.head) not in children.text
    shown = choose(school, browser)
    assert (kind(shown), word(shown)) == ("granted", "Ada di daftar")
    first = confirm(browser, shown, nisn=NISN)
    again = confirm(browser, shown, nisn=NISN)
    assert first.status_code == 303
    assert first.location == again.location
    receipt = browser.get(first.location)
    assert word(receipt) == "Dikonfirmasi"
    assert "••••••4567" in receipt.text
    assert NISN not in receipt.text
    assert school.count(Enrolment) == 1


def test_the_list_of_the_school_counts_and_masks(school):
    browser = school.at("first")
    path = f"/sekolah/daftar/{school.year}"
    assert "0</b> dari 1" in browser.get(path).text
    confirm(browser, choose(school, browser), nisn=NISN)
    listed = browser.get(path)
    assert "1</b> dari 1" in listed.text
    assert "••••••4567" in listed.text
    assert NISN not in listed.text
    sheet = load_workbook(BytesIO(browser.post(f"{path}/murid.xlsx").data)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("Nama", "Lahir tahun", "NISN", "Dikonfirmasi", "Bukti")
    assert [row[2] for row in rows[1:]] == ["••••••4567"]
    assert school.count(AuditLine, AuditLine.action == "list.downloaded") == 1
    assert school.at("campus").get(path).status_code == 404


def test_the_slip_of_a_confirmation_shows_the_child_and_nothing_of_the_family(school):
    browser = school.at("first")
    given = confirm(browser, choose(school, browser), nisn=NISN)
    address = f"{given.location}/slip.pdf"
    assert f'href="{address}"' in browser.get(given.location).text
    answer = browser.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    paper = words_of_pdf(answer.data)
    number = given.location.rpartition("/")[2]
    for part in ("Bukti konfirmasi", "MINA", number, "••••••4567", "SMAN 1 Katingan Tengah (NPSN 30201234)", "GRATIS"):
        assert part in paper
    assert NISN not in paper
    assert school.card.number not in paper
    assert not SECRETS.search(paper), SECRETS.search(paper)
    assert school.at("second").get(address).status_code == 404


def test_the_slip_of_a_student_names_campus_and_letter_and_one_taken_back_says_so(school):
    browser = school.at("campus")
    campus = {"campus": "Universitas Palangka Raya", "evidence": LETTER, "proofs": "ktp"}
    given = confirm(browser, choose(school, browser, school.student), **campus)
    before = words_of_pdf(browser.get(f"{given.location}/slip.pdf").data)
    assert "Universitas Palangka Raya" in before
    assert LETTER.replace(" ", "") in before.replace(" ", ""), "a long number may be broken over two lines"
    assert "DIBATALKAN" not in before
    supervisor = school.sign_in(Role.SUPERVISOR, username="penyelia", area="62.06")
    number = given.location.rpartition("/")[2]
    assert supervisor.post(f"/bukti/{number}/batal", {"reason": "keliru"}).status_code == 303
    assert "DIBATALKAN" in words_of_pdf(browser.get(f"{given.location}/slip.pdf").data)


def test_the_number_of_a_case_stands_on_the_screen_and_on_the_slip_and_is_answered_at_any_counter(school):
    confirm(browser := school.at("first"), choose(school, browser), nisn=NISN)
    other = school.at("second")
    refused = choose(school, other)
    with school.state.database.reading() as session:
        number = session.scalars(select(Complaint.number)).one()
    assert f"nomor kasus {number}" in said(refused)
    slip = re.search(r'href="(/pengaduan/penolakan/[^"]+)"', refused.text)[1]
    paper = words_of_pdf(other.get(slip).data)
    whose = f"Untuk MINA, lahir tahun {local_day(now()).year - 16}"
    reason = ("Sudah terdaftar di sekolah lain", "SMAN 1 Katingan Tengah")
    for part in (number, "Sekolah Gratis · 2026/2027", whose, school.card.number, *reason):
        assert part in paper
    assert not SECRETS.search(paper), SECRETS.search(paper)
    asked = school.at("campus").post("/pengaduan/tanya", {"number": number})
    assert number in school.at("campus").get(asked.location).text


def test_a_complaint_of_a_refused_pupil_names_the_child_to_who_looks_after_families(school):
    refused = choose(school, school.at("second"))
    browser = school.at("second")
    form = browser.post("/pengaduan/baru", {"attempt": re.search(r'name="attempt" value="([^"]+)"', refused.text)[1]})
    assert f"kartu {school.card.number}, untuk MINA, lahir tahun {local_day(now()).year - 16}" in said(form)
    words_of_form = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", form.text, re.DOTALL)[1]
    assert "MINA" not in words_of_form, "the words of a complaint are read by offices that may not see names"
    taken = browser.post("/pengaduan", hidden(form, "/pengaduan") | {"told": words_of_form, "kind": "other"})
    assert taken.status_code == 303
    with school.state.database.reading() as session:
        complaint = session.scalars(select(Complaint)).one()
    assert complaint.person_id == school.pupil
    registrar = school.sign_in(Role.REGISTRAR, username="rita.data", area="62.06")
    assert "MINA" in said(registrar.get(f"/pengaduan/daftar/{complaint.number}"))


def test_the_slip_of_a_refused_card_names_nobody(school):
    school.change(block_card, school.card, BlockReason.LOST)
    browser = school.at("first")
    refused = browser.post("/sekolah", {"scanned": school.text})
    paper = words_of_pdf(browser.get(re.search(r'href="(/pengaduan/penolakan/[^"]+)"', refused.text)[1]).data)
    assert school.card.number in paper
    assert not re.search("Untuk|MINA|RAHMAT|SITI", paper)


def test_a_second_school_is_refused_and_one_case_names_both(school):
    confirm(browser := school.at("first"), choose(school, browser), nisn=NISN)
    other = school.at("second")
    for _ in range(2):
        refused = choose(school, other)
        assert kind(refused) == "refused"
        assert "SMAN 1 Katingan Tengah (NPSN 30201234)" in said(refused)
    assert "Adukan" in refused.text
    with school.state.database.reading() as session:
        case = session.scalars(select(Complaint)).one()
        assert case.is_case
        assert "SMAN 1 Katingan Tengah (NPSN 30201234)" in case.words
        assert "SMKN 2 Katingan Tengah (NPSN 30205678)" in case.words
        assert "MINA" not in case.words
    assert school.count(Attempt) == 2


def test_the_wrong_school_is_told_the_right_one(school):
    refused = choose(school, school.at("second"))
    assert kind(refused) == "refused"
    assert "SMAN 1 Katingan Tengah" in said(refused)
    assert school.count(Complaint) == 0
    assert school.count(Attempt) == 1


def test_a_mistyped_nisn_is_mended_where_it_was_typed(school):
    browser = school.at("first")
    shown = choose(school, browser)
    wrong = confirm(browser, shown, nisn="12345")
    assert wrong.status_code == 422
    assert "10 angka" in said(wrong)
    assert 'value="12345"' in wrong.text
    assert school.count(Attempt) == 1
    assert confirm(browser, wrong, nisn=f" {NISN[:5]} {NISN[5:]} ").status_code == 303


def test_a_student_is_recorded_with_campus_letter_and_ktp(school):
    browser = school.at("campus")
    shown = choose(school, browser, school.student)
    assert kind(shown) == "granted"
    assert confirm(browser, shown, campus="", evidence="").status_code == 422
    unseen = confirm(browser, shown, campus="Universitas Palangka Raya", evidence=LETTER)
    assert unseen.status_code == 422
    assert school.count(Redemption) == 0
    given = confirm(browser, shown, campus="Universitas Palangka Raya", evidence=LETTER, proofs="ktp")
    assert given.status_code == 303
    assert "Universitas Palangka Raya" in browser.get(given.location).text


def test_not_a_page_of_a_school_speaks_of_the_family(school):
    """Also where the family's poverty is the very reason."""
    with school.state.database.writing() as session:
        session.add(
            FamilyFacts(
                id=new_id(),
                family_id=school.card.family_id,
                source="DTSEN",
                as_of=local_day(now()),
                recorded_at=now(),
                desil=9,
                receives_pkh=True,
                receives_sembako=True,
                receives_blt_dd=True,
            )
        )
        session.get_one(Family, school.card.family_id).address = "Alamat Jalan Contoh 5"
        student = session.get_one(Person, school.student)
        student.birth_date = date(local_day(now()).year - 18, 1, 2)
    browser = school.at("first")
    pages = [
        browser.get("/"),
        browser.get("/sekolah"),
        browser.post("/sekolah", {"scanned": school.text}),
        choose(school, browser, school.student),
        choose(school, browser, school.head),
        choose(school, browser),
        confirm(browser, choose(school, browser), nisn="1"),
        browser.get(confirm(browser, choose(school, browser), nisn=NISN).location),
        choose(school, browser),
        browser.get(f"/sekolah/daftar/{school.year}"),
        choose(school, school.at("second")),
    ]
    not_listed = pages[3]
    assert "Tidak memenuhi syarat program" in said(not_listed)
    assert "bertanya ke loket" in said(not_listed)
    for page in pages:
        assert not SECRETS.search(said(page)), SECRETS.search(said(page))
    attempt = re.search(r'name="attempt" value="([^"]+)"', not_listed.text)[1]
    complaint = browser.post("/pengaduan/baru", {"attempt": attempt})
    assert not re.search(r"desil|pkh|dtsen", said(complaint), re.IGNORECASE)


def test_nothing_of_a_person_stands_in_an_address(school):
    browser = school.at("first")
    given = confirm(browser, choose(school, browser), nisn=NISN)
    assert re.fullmatch(r"/sekolah/bukti/\d{6}-[2-9A-Z]{6}-\d{6}", given.location)
    pages = browser.get("/sekolah").text + browser.get(f"/sekolah/daftar/{school.year}").text
    for address in re.findall(r'(?:href|action)="([^"]+)"', pages):
        assert str(school.pupil) not in address
        assert NISN not in address
        assert school.text not in address


def test_a_form_that_lacks_something_asks_to_scan_again(school):
    browser = school.at("first")
    assert browser.post("/sekolah", {}).status_code == 422
    assert browser.post("/sekolah/anak", {"scanned": school.text, "person": "kosong"}).status_code == 422
    assert browser.post("/sekolah/konfirmasi", {"scanned": school.text}).status_code == 422
    assert browser.post("/sekolah", {"scanned": "bukan kartu"}).status_code == 200
    assert school.count(Attempt) == 1


def test_only_who_serves_a_school_sees_its_pages(school):
    clerk = school.sign_in(Role.CARD_CLERK, username="loket.ani")
    for path in ("/sekolah", f"/sekolah/daftar/{school.year}", "/sekolah/bukti/260302-K7M3QF-000123"):
        assert clerk.get(path).status_code == 403
    browser = school.at("first")
    for path in ("/pindai", "/keluarga", "/tahap"):
        assert browser.get(path).status_code in (403, 404)
    assert browser.get("/sekolah/bukti/260302-K7M3QF-000123").status_code == 404
    with school.state.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Officer)) >= 3
