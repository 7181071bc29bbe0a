"""An installation to try things out with: invented families, service points, officers, cards and rounds.

Made on a first start without ``DEMO=0``, and only where nobody works yet. The officers share one random password, which
lies in the installation's folder: an installation that goes into use should begin without the demo.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from kiosk.settings import Settings
from kiosk.state import State
from registry.audit import Actor
from registry.cards.cards import cards_in_village, hand_over, live_card_of, mark_printed, note_read_back
from registry.days import local_day
from registry.db import Session, new_id
from registry.families.demo import DEMO_VILLAGES, load_demo_families
from registry.keys.keys import KeyRing
from registry.kinds import PointKind, Role, SupplyKind
from registry.officers.officers import add_officer, has_officers
from registry.officers.passwords import make_password_hash
from registry.officers.points import CENTRE, add_point, get_point
from registry.programmes.rounds import Place
from registry.regions import is_within
from registry.supplies.boxes import receive_box
from registry.whole_files import write_whole
from verify.issue import issue_for_village
from verify.rounds import open_round_for_villages

_FAMILIES = 240
_IN_A_BOX = 500
_SUPPLIES = (
    (SupplyKind.BLANK, "KHB", "CR80 PVC 0,76 mm"),
    (SupplyKind.RIBBON, "PITA", "YMCKOK 500"),
)
_HANDED_OVER_OF = 2  # of so many cards one stays printed, to be handed over by whoever tries the kiosk


@dataclass(frozen=True)
class _Point:
    """One service point of the demo."""

    code: str
    name: str
    kind: PointKind
    area_code: str = "62.06.05"
    facility_code: str = ""
    office_code: str | None = None


_POINTS = (
    _Point("LOKET-KATINGAN", "Loket Katingan Tengah", PointKind.COUNTER),
    _Point("BAGI-KATINGAN", "Aula Kecamatan Katingan Tengah", PointKind.HANDOUT),
    _Point("PKM-KATINGAN", "Puskesmas Katingan Tengah", PointKind.PUSKESMAS, facility_code="P6206050101"),
    _Point("SMA-KATINGAN", "SMA Contoh Katingan Tengah", PointKind.SCHOOL, facility_code="30999901"),
    _Point("BANK-KATINGAN", "Bank Kalteng Katingan Tengah", PointKind.BANK),
    _Point("LOKET-PAHANDUT", "Loket Pahandut", PointKind.COUNTER, "62.71.01"),
    _Point("BAGI-PAHANDUT", "Pasar Besar Pahandut", PointKind.HANDOUT, "62.71.01"),
    _Point("DINSOS", "Dinas Sosial", PointKind.OFFICE, "62", office_code="DINSOS"),
    _Point("DISDAGPERIN", "Dinas Perdagangan dan Perindustrian", PointKind.OFFICE, "62", office_code="DISDAGPERIN"),
    _Point("DISDIK", "Dinas Pendidikan", PointKind.OFFICE, "62", office_code="DISDIK"),
)
_OFFICERS = (
    ("admin", "Yusuf Effendi", CENTRE, Role.ADMINISTRATOR),
    ("auditor", "Nia Kurniasih", CENTRE, Role.AUDITOR),
    ("dinsos", "Rita Anggraini", CENTRE, Role.REGISTRAR),
    ("program", "Eko Saputra", "DINSOS", Role.PROGRAMME_MANAGER),
    ("program.dua", "Maria Lestari", "DINSOS", Role.PROGRAMME_MANAGER),
    ("disdagperin", "Hendra Wijaya", "DISDAGPERIN", Role.PROGRAMME_MANAGER),
    ("disdagperin.dua", "Sumiati Haryanto", "DISDAGPERIN", Role.PROGRAMME_MANAGER),
    ("disdik", "Kristina Anom", "DISDIK", Role.PROGRAMME_MANAGER),
    ("disdik.dua", "Panji Riwut", "DISDIK", Role.PROGRAMME_MANAGER),
    ("loket", "Ani Rahmawati", "LOKET-KATINGAN", Role.CARD_CLERK),
    ("penyelia", "Siti Norhayati", "LOKET-KATINGAN", Role.SUPERVISOR),
    ("layanan", "Orpa Bangas", "LOKET-KATINGAN", Role.DISTRIBUTOR),
    ("bagi", "Joko Prasetyo", "BAGI-KATINGAN", Role.DISTRIBUTOR),
    ("puskesmas", "Lidia Rasan", "PKM-KATINGAN", Role.HEALTH_WORKER),
    ("sekolah", "Darwis Tandang", "SMA-KATINGAN", Role.SCHOOL_CLERK),
    ("bank", "Gita Firdaus", "BANK-KATINGAN", Role.DISTRIBUTOR),
    ("loket.pahandut", "Dewi Lestari", "LOKET-PAHANDUT", Role.CARD_CLERK),
    ("pasar", "Bambang Hidayat", "BAGI-PAHANDUT", Role.DISTRIBUTOR),
)
_ROUNDS = (
    ("PANGAN", "Tahap {month} Katingan Tengah", "BAGI-KATINGAN", 60),
    ("TUNAI", "Tahap {month} Katingan Tengah", "BANK-KATINGAN", 60),
    ("BELANJA", "Saldo {year}", "BAGI-KATINGAN", 300),
    ("SEKOLAH", "Tahun ajaran {year}", "SMA-KATINGAN", 300),
    ("TANI", "Musim tanam {year}", "LOKET-KATINGAN", 120),
    ("PASAR", "Pasar murah {month} Pahandut", "BAGI-PAHANDUT", 60),
)
"""Programme, name, place, and how many days it is open."""


@dataclass(frozen=True)
class DemoSignIn:
    """One officer of the demo."""

    username: str
    point: str
    role: Role


def sign_ins() -> list[DemoSignIn]:
    """Return the officers of the demo."""
    return [DemoSignIn(username, point, role) for username, _, point, role in _OFFICERS]


def password(settings: Settings) -> str | None:
    """Return the password of the demo's officers; none in an installation without them."""
    file = settings.demo_password_file
    return file.read_text(encoding="utf-8").strip() if file.exists() else None


def load(here: State, *, at: datetime) -> bool:
    """Fill an installation in which nobody works yet; tell whether it was filled."""
    with here.database.writing() as session:
        if has_officers(session):
            return False
        shared = secrets.token_urlsafe(9)
        actor = Actor(officer_id=None, point_id=get_point(session, CENTRE).id)
        _add_people(session, shared, actor=actor, keys=here.keys, at=at)
        load_demo_families(session, count=_FAMILIES, actor=actor, keys=here.keys, at=at)
        _receive_boxes(session, keys=here.keys, at=at)
        _issue_cards(session, keys=here.keys, at=at)
        _open_rounds(session, actor=actor, keys=here.keys, at=at)
        # before the commit: officers whose password nobody knows would block the next try
        write_whole(here.settings.demo_password_file, shared.encode() + b"\n")
    return True


def _add_people(session: Session, shared: str, *, actor: Actor, keys: KeyRing, at: datetime) -> None:
    for one in _POINTS:
        add_point(session, **asdict(one), actor=actor, keys=keys, at=at)
    for username, name, point, role in _OFFICERS:
        add_officer(
            session,
            get_point(session, point),
            username=username,
            name=name,
            password_hash=make_password_hash(shared, username=username),
            roles=[role],
            actor=actor,
            keys=keys,
            at=at,
        )


def _counter_of(session: Session, village: str) -> Actor:
    counter = next(one for one in _POINTS if one.kind is PointKind.COUNTER and is_within(village, one.area_code))
    return Actor(officer_id=None, point_id=get_point(session, counter.code).id)


def _receive_boxes(session: Session, *, keys: KeyRing, at: datetime) -> None:
    for one in _POINTS:
        if one.kind is not PointKind.COUNTER:
            continue
        actor = Actor(officer_id=None, point_id=get_point(session, one.code).id)
        for supply, mark, content in _SUPPLIES:
            for ordinal in (1, 2):
                receive_box(
                    session,
                    supply,
                    move_id=new_id(),
                    number=f"{mark}-{one.code.removeprefix('LOKET-')}-{ordinal}",
                    content=content,
                    quantity=_IN_A_BOX,
                    document="Contoh",
                    actor=actor,
                    keys=keys,
                    at=at,
                )


def _issue_cards(session: Session, *, keys: KeyRing, at: datetime) -> None:
    # the last village is left without cards, for trying out how they are issued
    for village in DEMO_VILLAGES[:-1]:
        actor = _counter_of(session, village)  # printed there, out of its boxes
        issue_for_village(session, village, actor=actor, keys=keys, at=at)
        for place, (family, _) in enumerate(cards_in_village(session, village)):
            card = live_card_of(session, family)
            if card is None:
                continue
            mark_printed(session, card, actor=actor, keys=keys, at=at)
            note_read_back(session, card, actor=actor, keys=keys, at=at)
            if place % _HANDED_OVER_OF:
                hand_over(session, card, card.head, id_seen=True, actor=actor, keys=keys, at=at)


def _open_rounds(session: Session, *, actor: Actor, keys: KeyRing, at: datetime) -> None:
    today = local_day(at)
    for programme, name, point, days in _ROUNDS:
        place = get_point(session, point)
        villages = [village for village in DEMO_VILLAGES if is_within(village, place.area_code)]
        open_round_for_villages(
            session,
            programme,
            name=name.format(month=f"{today:%m/%Y}", year=today.year),
            opens_on=today,
            closes_on=today + timedelta(days=days),
            places=[Place(place.id, villages)],
            decree_number="Contoh, bukan keputusan",
            actor=actor,
            keys=keys,
            at=at,
        )
