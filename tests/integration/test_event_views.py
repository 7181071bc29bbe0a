"""Family events at the counter: chosen, stated, checked, proposed, and decided by a second person."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from uuid import UUID

import pytest
from card_scene import CardScene
from kiosk_fixtures import Browser
from sqlalchemy import select

from kiosk.clock import now
from registry.cards.cards import hand_over, note_read_back
from registry.days import local_day
from registry.families.families import get_family, head_of
from registry.kinds import CardState, EventState, FamilyState, Relation, Role
from registry.models import Card, Family, FamilyEvent, Person

TODAY = local_day(now()).isoformat()
PAPER = {"happened_on": TODAY, "document": "Dokumen lain", "document_number": "474.3/12/2026"}
FRESH_NUMBER, FRESH_NIK = "6206052010260001", "6206050110260001"


@pytest.fixture
def clerk(scene: CardScene) -> Browser:
    return scene.sign_in(Role.CARD_CLERK, username="ani")


@pytest.fixture
def supervisor(scene: CardScene, signed_in) -> Browser:
    return signed_in(Role.SUPERVISOR, username="siti")


def people(scene: CardScene, reference: str) -> dict[str, str]:
    """Return the living people of a family, by name."""
    with scene.state.database.reading() as session:
        family = get_family(session, reference, area="62")
        return {one.name: str(one.id) for one in family.people if one.state == "living"}


def head(scene: CardScene, reference: str) -> str | None:
    with scene.state.database.reading() as session:
        found = head_of(get_family(session, reference, area="62"))
        return found.name if found else None


def state_of(scene: CardScene, reference: str) -> FamilyState:
    with scene.state.database.reading() as session:
        return get_family(session, reference, area="62").state


def active_card(scene: CardScene, reference: str) -> Card:
    card = scene.print_card(reference)
    with scene.state.database.writing() as session:
        fresh = session.get_one(Card, card.id)
        note_read_back(session, fresh, **scene._rest(session))
        hand_over(session, fresh, session.get_one(Person, card.head_id), id_seen=True, **scene._rest(session))
    return scene.again(card)


def fields(page: str) -> dict[str, str | list[str]]:
    """Return what pressing a button of the last form on a page would send, beside the button."""
    form = page[page.rindex('<form method="post"') :]
    form = form[: form.index("</form>")]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and 'type="hidden"' in tag and name[1] != "csrf_token":
            found.setdefault(name[1], []).append(html.unescape(value[1]) if value else "")
    for name, choices in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', choices)
        found[name] = [chosen[1] if chosen else ""]
    return dict(found)


def propose(browser: Browser, reference: str, slug: str, **stated: object) -> str:
    """Fill the form of an event, check it and propose it; return where it leads."""
    path = f"/keluarga/{reference}/peristiwa/{slug}"
    checked = browser.post(path, PAPER | stated)
    assert checked.status_code == 200, checked.text
    assert "Periksa sebelum diusulkan" in checked.text
    answer = browser.post(path, fields(checked.text) | {"confirmed": "yes"})
    assert answer.status_code == 303, answer.text
    return answer.location


def approve(browser: Browser, event: str):
    return browser.post(f"{event}/setujui", {"note": ""})


def test_the_family_s_page_leads_to_what_can_happen(scene, clerk):
    reference = scene.add_family()
    assert f"/keluarga/{reference}/peristiwa" in clerk.get(f"/keluarga/{reference}").text
    page = clerk.get(f"/keluarga/{reference}/peristiwa").text
    for title in (
        "Kematian",
        "Kelahiran",
        "Pindah keluar",
        "Pindah masuk",
        "Pecah KK",
        "Gabung KK",
        "Nomor KK berganti",
    ):
        assert title in page


@pytest.mark.parametrize(
    "slug",
    ["kematian", "kelahiran", "pindah-keluar", "pindah-masuk", "gabung-kk", "kepala-baru", "nomor-kk"],
)
def test_every_kind_has_its_form_and_asks_for_what_is_missing(scene, clerk, slug):
    path = f"/keluarga/{scene.add_family()}/peristiwa/{slug}"
    assert clerk.get(path).status_code == 200
    answer = clerk.post(path, {})
    assert answer.status_code == 422
    assert "Isi tanggal kejadiannya." in answer.text
    assert "Isi nomor yang tertulis pada dokumen." in answer.text


def test_a_kind_that_is_none_or_does_not_fit_is_no_page(scene, clerk):
    reference = scene.add_family()
    assert clerk.get(f"/keluarga/{reference}/peristiwa/ulang-tahun").status_code == 404

    def leave(family: Family) -> None:
        family.state = FamilyState.MOVED

    scene.change_family(reference, leave)
    assert clerk.get(f"/keluarga/{reference}/peristiwa/kematian").status_code == 404
    assert "Desa/kelurahan" in clerk.get(f"/keluarga/{reference}/peristiwa/pindah-masuk").text


def test_the_head_dies_and_the_way_to_the_new_card_is_shown(scene, clerk, supervisor):
    reference = scene.add_family()
    old, named = active_card(scene, reference), people(scene, reference)
    event = propose(
        clerk, reference, "kematian", person=named["SITI AMINAH"], new_head=named["RAHMAT"], document="Akta kematian"
    )
    page = clerk.get(event).text
    assert "menunggu persetujuan" in page
    assert "Setujui" not in page
    assert head(scene, reference) == "SITI AMINAH"
    waiting = supervisor.get("/peristiwa").text
    assert event in waiting
    assert "Akta kematian 474.3/12/2026" in waiting
    page = supervisor.get(event).text
    assert f"Kartu {old.number} atas nama SITI AMINAH diganti" in page
    assert approve(supervisor, event).location == event
    new = scene.card_of(reference)
    page = clerk.get(event).text
    assert f'Tarik kartu lama <span class="number">{old.number}</span>' in page
    assert f'Cetak kartu baru <a class="number" href="/kartu/{new.number}">' in page
    assert (new.head_name, scene.again(old).state) == ("RAHMAT", CardState.REPLACED)
    assert event in supervisor.get("/peristiwa?keadaan=selesai").text
    assert "Kematian" in clerk.get(f"/keluarga/{reference}").text


def test_relations_to_the_new_head_are_suggested_and_corrected(scene, clerk, supervisor):
    reference = scene.add_family()
    named = people(scene, reference)
    path = f"/keluarga/{reference}/peristiwa/kepala-baru"
    checked = clerk.post(path, PAPER | {"new_head": named["RAHMAT"]})
    stated = fields(checked.text)
    assert stated[f"relation_{named['SITI AMINAH']}"] == ["parent"]
    assert stated[f"relation_{named['MINA']}"] == ["relative"]
    stated[f"relation_{named['MINA']}"] = ["other"]
    event = clerk.post(path, stated | {"confirmed": "yes"}).location
    approve(supervisor, event)
    with scene.state.database.reading() as session:
        relations = {one.name: one.relation for one in get_family(session, reference, area="62").people}
    assert relations == {"SITI AMINAH": Relation.PARENT, "RAHMAT": Relation.HEAD, "MINA": Relation.OTHER}


def test_whoever_goes_back_from_checking_finds_the_fields_filled(scene, clerk):
    reference = scene.add_family()
    path = f"/keluarga/{reference}/peristiwa/nomor-kk"
    checked = clerk.post(path, PAPER | {"number": FRESH_NUMBER})
    page = clerk.post(path, fields(checked.text) | {"edit": "yes"}).text
    assert f'value="{FRESH_NUMBER}"' in page
    assert 'value="474.3/12/2026"' in page


def test_a_child_is_born(scene, clerk, supervisor):
    reference = scene.add_family()
    born = {"name": " Bima  Saputra ", "nik": FRESH_NIK, "sex": "L", "relation": "child"}
    approve(supervisor, propose(clerk, reference, "kelahiran", **born))
    page = clerk.get(f"/keluarga/{reference}").text
    assert "Bima Saputra" in page
    assert "6206••••••••0001" in page
    assert FRESH_NIK not in page


@pytest.mark.parametrize(
    ("slug", "stated", "told"),
    [
        ("kelahiran", {"name": "Bima 2", "nik": FRESH_NIK, "sex": "L", "relation": "child"}, "Isi nama dengan huruf"),
        ("kelahiran", {"name": "Bima", "nik": "620605", "sex": "L", "relation": "child"}, "NIK harus 16 angka"),
        ("nomor-kk", {"number": "abc"}, "Nomor KK memuat huruf"),
        ("nomor-kk", {"number": FRESH_NUMBER, "happened_on": "2999-01-01"}, "dicatat setelah terjadi"),
        ("nomor-kk", {"number": FRESH_NUMBER, "document_number": FRESH_NIK}, "NIK"),
        ("gabung-kk", {"into": FRESH_NUMBER}, "Tidak ada keluarga ini"),
        ("pindah-masuk", {"nik": FRESH_NIK, "relation": "head"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(scene, clerk, slug, stated, told):
    answer = clerk.post(f"/keluarga/{scene.add_family()}/peristiwa/{slug}", PAPER | stated)
    assert answer.status_code == 422
    assert told in answer.text


def test_a_family_moves_out_and_comes_back(scene, clerk, supervisor):
    reference = scene.add_family()
    card = active_card(scene, reference)
    approve(supervisor, propose(clerk, reference, "pindah-keluar", person="family"))
    assert state_of(scene, reference) is FamilyState.MOVED
    assert scene.again(card).state is CardState.BLOCKED
    home = {"village": "62.06.05.2004", "address": "Jl. Baru 1", "rt": "002", "rw": "001", "number": ""}
    approve(supervisor, propose(clerk, reference, "pindah-masuk", **home))
    assert state_of(scene, reference) is FamilyState.ACTIVE
    assert "Jl. Baru 1" in clerk.get(f"/keluarga/{reference}").text


def test_one_person_moves_to_another_family(scene, clerk, supervisor):
    here, there = scene.add_family(), scene.add_family()
    nik = scene.numbers_of(there)[2]
    event = propose(clerk, here, "pindah-masuk", nik=nik, relation="relative")
    assert nik not in clerk.get(event).text
    approve(supervisor, event)
    assert set(people(scene, there)) == {"SITI AMINAH", "MINA"}
    assert there in clerk.get(event).text


def test_a_family_is_split_and_what_goes_with_whom_is_said(scene, clerk, supervisor):
    reference = scene.add_family()
    active_card(scene, reference)
    named = people(scene, reference)
    split = {
        "people": [named["RAHMAT"], named["MINA"]],
        "head": named["RAHMAT"],
        "number": FRESH_NUMBER,
        "village": "62.06.05.2003",
    }
    event = propose(clerk, reference, "pecah-kk", **split)
    page = supervisor.get(event).text
    assert "Keluarga baru tidak mendapat hak lagi pada tahap itu" in page
    assert "terbitkan kartunya dari halaman keluarga itu" in page
    approve(supervisor, event)
    assert set(people(scene, reference)) == {"SITI AMINAH"}
    with scene.state.database.reading() as session:
        founded = session.scalars(select(Family).where(Family.split_from_id.is_not(None))).one()
        assert head_of(founded).name == "RAHMAT"
    page = clerk.get(event).text
    assert "Langkah berikutnya" in page
    assert f'Terbitkan kartu keluarga baru: buka <a href="/keluarga/{founded.reference}">' in page
    assert ">Pecah KK, " in clerk.get(f"/keluarga/{reference}").text


def group(page: str, name: str) -> list[str]:
    """Return what may be chosen in a field of a page."""
    return re.findall(rf'<input[^>]* name="{name}"[^>]* type="(?:radio|checkbox)" value="([^"]*)"', page)


def test_a_split_asks_first_who_leaves_and_then_offers_heads_on_either_side(scene, clerk):
    reference = scene.add_family()
    named = people(scene, reference)
    path = f"/keluarga/{reference}/peristiwa/pecah-kk"
    first = clerk.get(path).text
    assert (set(group(first, "people")), group(first, "head")) == (set(named.values()), [])
    answer = clerk.post(path, {"chosen": "yes"})
    assert (answer.status_code, "Pilih paling sedikit satu orang." in answer.text) == (422, True)
    answer = clerk.post(path, {"chosen": "yes", "people": list(named.values())})
    assert (answer.status_code, "Paling sedikit satu orang harus tinggal" in answer.text) == (422, True)
    going = [named["SITI AMINAH"], named["MINA"]]
    second = clerk.post(path, fields(first) | {"chosen": "yes", "people": going}).text
    assert fields(second)["people"] == going
    assert (set(group(second, "head")), group(second, "left_head")) == (set(going), [named["RAHMAT"]])
    third = clerk.post(path, fields(second) | {"choose": "yes", "number": FRESH_NUMBER}).text
    assert len(re.findall(r'name="people"[^>]*checked|checked[^>]*name="people"', third)) == 2
    fourth = clerk.post(path, fields(third) | {"chosen": "yes", "people": [named["RAHMAT"]]}).text
    assert (group(fourth, "head"), group(fourth, "left_head")) == ([named["RAHMAT"]], [])
    assert f'value="{FRESH_NUMBER}"' in fourth


def test_a_split_without_anybody_chosen_asks_for_that_first(scene, clerk):
    answer = clerk.post(f"/keluarga/{scene.add_family()}/peristiwa/pecah-kk", PAPER | {"number": FRESH_NUMBER})
    assert (answer.status_code, "Siapa yang keluar" in answer.text) == (422, True)


def test_a_child_is_not_made_head_while_an_adult_is_there_and_a_guardian_is_asked_for_otherwise(
    scene, clerk, supervisor
):
    reference = scene.add_family()
    named = people(scene, reference)
    path = f"/keluarga/{reference}/peristiwa/kepala-baru"
    answer = clerk.post(path, PAPER | {"new_head": named["MINA"]})
    assert (answer.status_code, "Kepala keluarga belum dewasa" in answer.text) == (409, True)
    approve(supervisor, propose(clerk, reference, "kematian", person=named["RAHMAT"]))
    event = propose(clerk, reference, "kematian", person=named["SITI AMINAH"], new_head=named["MINA"])
    assert "Walinya perlu dicatat oleh Dukcapil" in supervisor.get(event).text
    approve(supervisor, event)
    assert head(scene, reference) == "MINA"


def test_a_split_without_a_head_on_either_side_is_asked_again(scene, clerk):
    reference = scene.add_family()
    named = people(scene, reference)
    path = f"/keluarga/{reference}/peristiwa/pecah-kk"
    stated = PAPER | {"number": FRESH_NUMBER, "village": "62.06.05.2003", "people": [named["SITI AMINAH"]]}
    answer = clerk.post(path, stated | {"head": named["SITI AMINAH"]})
    assert (answer.status_code, "yang tinggal perlu kepala baru" in answer.text) == (422, True)
    answer = clerk.post(path, stated | {"head": named["RAHMAT"]})
    assert (answer.status_code, "harus ikut keluar" in answer.text) == (422, True)


def test_a_family_merges_into_another(scene, clerk, supervisor):
    reference, into = scene.add_family(), scene.add_family()
    card = active_card(scene, reference)
    event = propose(clerk, reference, "gabung-kk", into=scene.numbers_of(into)[0])
    approve(supervisor, event)
    assert state_of(scene, reference) is FamilyState.DISSOLVED
    assert scene.again(card).state is CardState.BLOCKED
    assert f'Tarik kartu lama <span class="number">{card.number}' in clerk.get(event).text


def test_what_cannot_be_carried_out_is_not_proposed(scene, clerk):
    reference, other = scene.add_family(), scene.add_family()
    answer = clerk.post(f"/keluarga/{reference}/peristiwa/nomor-kk", PAPER | {"number": scene.numbers_of(other)[0]})
    assert answer.status_code == 409
    assert "Nomor KK sudah terdaftar" in answer.text


def test_the_same_is_not_proposed_twice(scene, clerk):
    reference = scene.add_family()
    propose(clerk, reference, "nomor-kk", number=FRESH_NUMBER)
    path = f"/keluarga/{reference}/peristiwa/nomor-kk"
    answer = clerk.post(path, PAPER | {"number": FRESH_NUMBER, "confirmed": "yes"})
    assert (answer.status_code, "sudah menunggu persetujuan" in answer.text) == (409, True)


def test_nobody_decides_on_what_they_proposed(scene, signed_in):
    registrar = signed_in(Role.REGISTRAR, username="rita")
    reference = scene.add_family()
    event = propose(registrar, reference, "pindah-keluar", person="family")
    page = registrar.get(event).text
    assert "Anda usulkan sendiri" in page
    assert "Setujui dan jalankan" not in page
    answer = approve(registrar, event)
    assert (answer.status_code, "Usulan Anda sendiri" in answer.text) == (409, True)
    assert state_of(scene, reference) is FamilyState.ACTIVE


def test_who_may_only_propose_does_not_decide(scene, clerk):
    event = propose(clerk, scene.add_family(), "pindah-keluar", person="family")
    assert approve(clerk, event).status_code == 403
    assert clerk.post(f"{event}/tolak", {"reason": "tidak jelas"}).status_code == 403


def test_a_rejection_needs_a_reason_and_says_it(scene, clerk, supervisor):
    reference = scene.add_family()
    event = propose(clerk, reference, "pindah-keluar", person="family")
    assert supervisor.post(f"{event}/tolak", {"reason": ""}).status_code == 422
    assert supervisor.post(f"{event}/tolak", {"reason": "Surat pindah tidak asli"}).status_code == 303
    assert "Surat pindah tidak asli" in clerk.get(event).text
    assert state_of(scene, reference) is FamilyState.ACTIVE
    assert approve(supervisor, event).status_code == 409


def test_what_changed_meanwhile_is_said_and_nothing_is_changed(scene, clerk, supervisor):
    reference = scene.add_family()
    named = people(scene, reference)
    first = propose(clerk, reference, "kematian", person=named["MINA"])
    second = propose(clerk, reference, "pindah-keluar", person=named["MINA"])
    approve(supervisor, first)
    page = supervisor.get(second).text
    assert "Tidak dapat dijalankan lagi" in page
    assert "Setujui dan jalankan" not in page
    answer = approve(supervisor, second)
    assert (answer.status_code, "Orangnya tidak di keluarga ini lagi" in answer.text) == (409, True)
    with scene.state.database.reading() as session:
        event = session.get_one(FamilyEvent, UUID(second.rpartition("/")[2]))
        assert event.state is EventState.PROPOSED


def test_events_elsewhere_are_not_seen(scene, clerk, signed_in):
    event = propose(clerk, scene.add_family(), "pindah-keluar", person="family")
    elsewhere = signed_in(Role.SUPERVISOR, username="jauh", area="62.71")
    assert elsewhere.get(event).status_code == 404
    assert approve(elsewhere, event).status_code == 404
    assert event not in elsewhere.get("/peristiwa").text


def test_an_event_of_yesterday_is_recorded_today(scene, clerk, supervisor):
    reference = scene.add_family()
    yesterday = (local_day(now()) - timedelta(days=1)).isoformat()
    event = propose(clerk, reference, "nomor-kk", number=FRESH_NUMBER, happened_on=yesterday)
    approve(supervisor, event)
    assert scene.numbers_of(reference)[0] == FRESH_NUMBER
