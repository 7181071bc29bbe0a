"""The catalogue, as the owning office changes a programme and a second person approves it."""

from __future__ import annotations

import pytest
from browsing import PASSWORD, assert_accessible, follow, look, sign_in
from playwright.sync_api import Page, expect

from kiosk.clock import now
from registry.audit import Actor
from registry.kinds import Role
from registry.officers.officers import add_officer
from registry.officers.passwords import make_password_hash
from registry.officers.points import CENTRE, get_point


@pytest.fixture
def colleague(kiosk) -> str:
    """A second programme manager at the centre, by user name."""
    with kiosk.database.writing() as session:
        centre = get_point(session, CENTRE)
        add_officer(
            session,
            centre,
            username="program.dina",
            name="Dina Puspita",
            password_hash=make_password_hash(PASSWORD, username="program.dina"),
            roles=[Role.PROGRAMME_MANAGER],
            actor=Actor(None, centre.id),
            keys=kiosk.keys,
            at=now(),
        )
    return "program.dina"


def test_a_rule_is_tried_proposed_and_approved_by_a_second_person(page: Page, colleague: str):
    sign_in(page, "program.eko")
    page.get_by_role("navigation", name="Tugas").get_by_role("link", name="Program", exact=True).click()
    expect(page.get_by_role("heading", name="Kalteng Bermanfaat")).to_be_visible()
    look(page, "programmes")
    assert_accessible(page)
    page.get_by_role("link", name="Bantuan Pangan KHBS").click()
    expect(page.get_by_text("Batas desil 2")).to_be_visible()
    look(page, "programme")
    assert_accessible(page)
    page.get_by_role("link", name="Ubah program").click()
    page.get_by_label("Rumus", exact=True).first.fill("desl <= 4")
    page.get_by_role("button", name="Coba rumus ini").click()
    expect(page.get_by_role("alert")).to_contain_text("menyebut “desl”")
    look(page, "programme-rule-wrong")
    page.get_by_label("Rumus", exact=True).first.fill("desil <= 4")
    page.get_by_label("Kata-kata untuk keluarga").first.fill("batas desil 4")
    page.get_by_role("button", name="Coba rumus ini").click()
    expect(page.get_by_role("heading", name="Hasil percobaan")).to_be_visible()
    expect(page.get_by_text("Masuk 2, keluar 0.")).to_be_visible()
    look(page, "programme-trial")
    assert_accessible(page)
    page.get_by_label("Alasan perubahan").fill("Surat Kadis Sosial 12/2026")
    page.get_by_role("button", name="Usulkan perubahan").click()
    expect(page.get_by_text("Perubahan diusulkan.")).to_be_visible()
    page.get_by_role("link", name="Versi 2").click()
    expect(page.get_by_role("button", name="Setujui perubahan")).to_have_count(0)
    expect(page.get_by_text("Yang mengusulkan tidak memutuskan")).to_be_visible()
    sign_in(page, colleague)
    page.goto("/program/PANGAN/versi/2")
    look(page, "programme-version")
    assert_accessible(page)
    page.get_by_role("button", name="Setujui perubahan").click()
    expect(page.get_by_text("Perubahan disetujui dan berlaku mulai sekarang.")).to_be_visible()
    expect(page.get_by_text("Batas desil 4")).to_be_visible()


def test_a_pillar_is_given_the_name_that_the_office_uses(page: Page):
    sign_in(page, "program.eko")
    page.goto("/program")
    follow(page.get_by_role("link", name="Ganti nama pilar Huma Betang Sehat"))
    assert_accessible(page)
    page.get_by_label("Nama pilar").fill("Betang Sehat")
    page.get_by_role("button", name="Simpan nama").click()
    expect(page.get_by_role("heading", name="Betang Sehat")).to_be_visible()


def test_information_is_shown_with_its_owner_to_whoever_answers_at_the_counter(page: Page):
    sign_in(page, "kartu.ani")
    page.goto("/program")
    page.get_by_role("link", name="Jalan, jembatan, air, listrik, dan internet desa").click()
    expect(page.get_by_text("Dinas Pekerjaan Umum dan Penataan Ruang")).to_be_visible()
    expect(page.get_by_role("link", name="Ubah program")).to_have_count(0)
    look(page, "programme-information")
    assert_accessible(page)
