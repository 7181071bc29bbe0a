"""A school's story: the card is scanned, the child chosen and confirmed; a second school is refused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pypdfium2
import pytest
from browsing import PASSWORD, PHONE, assert_accessible, follow, keep_picture, look, sign_in
from card_house import make_draft
from conftest import VILLAGE, Kiosk
from playwright.sync_api import Page, expect
from scanner import scan
from school_scene import LETTER, NISN, add_school_point, add_school_round
from sqlalchemy import select

from kiosk.clock import now
from registry.audit import Actor
from registry.cards.cards import hand_over, issue_card, mark_printed, note_read_back
from registry.code.token import to_text
from registry.days import local_day
from registry.families.families import register_family
from registry.identifiers import Nik
from registry.kinds import PointKind, Role
from registry.models import Complaint, Enrolment, ServicePoint
from registry.officers.officers import add_officer
from registry.officers.passwords import make_password_hash
from registry.officers.points import CENTRE, get_point


@dataclass(frozen=True)
class School:
    """What the tests scan and choose."""

    text: str
    pupil: str
    student: str
    other: str
    """A child of the family that is on no list."""


@pytest.fixture(scope="module")
def school(kiosk: Kiosk) -> School:
    """Two schools and a campus office with their clerks, and a family with three children of school age."""
    at, today = now(), local_day(now())
    with kiosk.database.writing() as session:
        rest = {"actor": Actor(None, get_point(session, CENTRE).id), "keys": kiosk.keys, "at": at}
        points = [
            add_school_point(session, "SMAN-1", "SMAN 1 Katingan Tengah", PointKind.SCHOOL, "30201234"),
            add_school_point(session, "SMKN-2", "SMKN 2 Katingan Tengah", PointKind.SCHOOL, "30205678"),
            add_school_point(session, "DISDIK", "Cabang Dinas Pendidikan", PointKind.OFFICE, ""),
        ]
        for username, point in zip(("guru.ida", "guru.hadi", "disdik.lina"), points, strict=True):
            add_officer(
                session,
                session.get_one(ServicePoint, point),
                username=username,
                name=username.partition(".")[2].capitalize(),
                password_hash=make_password_hash(PASSWORD, username=username),
                roles=[Role.SCHOOL_CLERK],
                **rest,
            )
        draft = make_draft(village=VILLAGE)
        third = replace(draft.people[2], nik=Nik("6206050101125001"), name="YANTO")
        family = register_family(
            session, replace(draft, people=(*draft.people, third)), source="DTSEN", as_of=date(2026, 1, 31), **rest
        )
        card = issue_card(session, family, **rest)
        mark_printed(session, card, **rest)
        note_read_back(session, card, **rest)
        hand_over(session, card, card.head, id_seen=True, **rest)
        _, student, pupil, other = family.people
        for child, age in ((student, 19), (pupil, 16), (other, 12)):
            child.birth_date = date(today.year - age, 1, 2)
        days = {"opens_on": today - timedelta(days=9), "closes_on": today + timedelta(days=90), "created_at": at}
        lists = {points[0]: [pupil.id], points[1]: []}
        add_school_round(session, "SEKOLAH", "2026/2027", card.family_id, lists, **days)
        lists = {points[2]: [student.id]}
        add_school_round(session, "KULIAH", "Gasal 2026/2027", card.family_id, lists, only_of_family=True, **days)
        return School(to_text(card.token), pupil.name, student.name, other.name)


def expect_word(page: Page, word: str) -> None:
    expect(page.locator("#putusan")).to_have_text(word)


def choose(page: Page, school: School, name: str) -> None:
    """Scan the card wherever the page is, and press the child's name."""
    scan(page, school.text)
    page.get_by_role("button", name=name).click()


def test_a_pupil_is_confirmed_once(page: Page, school: School, kiosk: Kiosk):
    sign_in(page, "guru.ida")
    follow(page.get_by_role("navigation", name="Tugas").get_by_role("link", name="Murid"))
    look(page, "school-page")
    assert_accessible(page)
    scan(page, school.text)
    expect(page.get_by_role("heading", name="Anak mana yang didaftarkan?")).to_be_visible()
    look(page, "school-children")
    assert_accessible(page)
    page.get_by_role("button", name=school.pupil).click()
    expect_word(page, "Ada di daftar")
    look(page, "school-pupil")
    assert_accessible(page)
    page.get_by_label("NISN").fill("12345")
    page.get_by_role("button", name="Konfirmasi Sekolah Gratis").click()
    expect(page.get_by_text("NISN terdiri atas 10 angka.")).to_be_visible()
    look(page, "school-nisn-wrong")
    assert_accessible(page)
    page.get_by_label("NISN").fill(NISN)
    page.get_by_role("button", name="Konfirmasi Sekolah Gratis").dblclick()
    expect_word(page, "Dikonfirmasi")
    look(page, "school-confirmed")
    assert_accessible(page)
    slip = page.get_by_role("link", name="Cetak slip").get_attribute("href")
    with pypdfium2.PdfDocument(page.request.get(slip).body()) as document:
        assert school.pupil in document[0].get_textpage().get_text_range()
        keep_picture(document[0].render(scale=3).to_pil(), "school-slip")
    page.reload()
    expect_word(page, "Dikonfirmasi")
    with kiosk.database.reading() as session:
        assert len(session.scalars(select(Enrolment)).all()) == 1
    choose(page, school, school.pupil)
    expect_word(page, "Sudah dikonfirmasi")
    look(page, "school-already")
    assert_accessible(page)


def test_a_child_on_no_list_is_told_why_without_a_word_of_the_family(page: Page, school: School):
    sign_in(page, "guru.ida")
    page.goto("/sekolah")
    choose(page, school, school.other)
    expect_word(page, "Ditolak")
    expect(page.get_by_role("button", name="Adukan")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("desil")
    look(page, "school-refused")
    assert_accessible(page)


def test_a_second_school_is_refused_and_a_case_is_open(page: Page, school: School, kiosk: Kiosk):
    sign_in(page, "guru.hadi")
    page.goto("/sekolah")
    for _ in range(2):
        choose(page, school, school.pupil)
        expect(page.get_by_role("heading", name="Sudah terdaftar di sekolah lain")).to_be_visible()
    expect(page.get_by_text("SMAN 1 Katingan Tengah (NPSN 30201234)")).to_be_visible()
    with kiosk.database.reading() as session:
        [number] = session.scalars(select(Complaint.number))
    expect(page.get_by_text(f"nomor kasus {number}")).to_be_visible()
    look(page, "school-elsewhere")
    assert_accessible(page)
    slip = page.get_by_role("link", name="Cetak alasan penolakan").get_attribute("href")
    with pypdfium2.PdfDocument(page.request.get(slip).body()) as document:
        assert number in document[0].get_textpage().get_text_range()
        keep_picture(document[0].render(scale=3).to_pil(), "school-elsewhere-slip")


def test_the_list_of_the_school_shows_who_is_still_to_come(page: Page, school: School):
    sign_in(page, "guru.ida")
    page.goto("/sekolah")
    page.get_by_role("link", name="2026/2027").click()
    expect(page.get_by_text("••••••4567")).to_be_visible()
    look(page, "school-list")
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Unduh XLSX").click()
    assert download.value.suggested_filename == "murid-sekolah-gratis-2026-2027.xlsx"


def test_a_student_is_recorded_on_a_phone_with_keys_alone(page: Page, school: School):
    sign_in(page, "disdik.lina")
    page.set_viewport_size(PHONE)
    page.goto("/sekolah")
    scan(page, school.text)
    page.get_by_role("button", name=school.student).press("Enter")
    expect_word(page, "Ada di daftar")
    look(page, "school-student")
    assert_accessible(page)
    page.get_by_label("Nama kampus").fill("Universitas Palangka Raya")
    page.get_by_label("Surat yang ditunjukkan").fill(LETTER)
    page.get_by_role("button", name="Konfirmasi Kuliah Gratis").press("Enter")
    expect(page.get_by_text("Langkah ini tidak dapat dilewati")).to_be_visible()
    page.get_by_label("KTP asli dilihat").check()
    page.get_by_label("Surat yang ditunjukkan").press("Enter")
    expect_word(page, "Dikonfirmasi")
    look(page, "school-student-confirmed")
