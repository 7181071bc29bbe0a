"""A village's list by name and address (*BNBA*), as it is put on paper and into a workbook."""

from __future__ import annotations

from datetime import datetime

from kiosk import words
from kiosk.words.slip import COMPLAINTS
from printing.bnba import NameLine, NameList
from printing.workbook import Sheet
from registry.db import Session
from registry.models import Round
from registry.programmes.name_lists import ListedName, list_names
from registry.programmes.terms import terms_of
from registry.regions import RegionPath, find_path

__all__ = ["name_list", "name_sheet"]

_HEADER = (
    "No.",
    "Nama",
    "Kepala keluarga",
    "Alamat",
    "RT",
    "RW",
    "Jumlah",
    "Dasar",
    "Dokumen",
    "Titik layanan",
    "Asal",
)


def name_list(session: Session, round_: Round, village: str, *, at: datetime) -> NameList:
    """Return what the paper says of a village.

    Raises:
        NotFound: code ``region_unknown``.
    """
    path, determined = find_path(session, village), round_.determination
    return NameList(
        programme=terms_of(session, [round_.id])[round_.id].programme,
        round=round_.name,
        price=round_.price,
        village=_spell(path),
        district=path.district,
        regency=path.regency,
        decree_number=determined.decree_number if determined else "",
        decree_date=determined.decree_date if determined else None,
        list_hash=determined.list_hash.hex() if determined else "",
        printed_at=at,
        lines=[_line(one) for one in list_names(session, round_.id, village)],
        complaint_contact=COMPLAINTS,
    )


def name_sheet(session: Session, round_: Round, village: str) -> Sheet:
    """Return the table of a village.

    Raises:
        NotFound: code ``region_unknown``.
    """
    rows = (
        (
            number,
            one.person_name or one.head_name,
            one.head_name,
            one.address,
            one.rt,
            one.rw,
            one.units,
            words.label(one.basis),
            one.document,
            one.point,
            "adendum" if one.by_addendum else "penetapan",
        )
        for number, one in enumerate(list_names(session, round_.id, village), start=1)
    )
    return Sheet(_spell(find_path(session, village)), _HEADER, rows)


def _spell(path: RegionPath) -> str:
    return path.village or path.district or path.regency


def _line(one: ListedName) -> NameLine:
    basis = f"{words.label(one.basis)} {one.document}".strip()
    return NameLine(
        name=one.person_name or one.head_name or "(tanpa kepala keluarga)",
        head_name=one.head_name if one.person_name else "",
        address=one.address or "–",
        rt_rw=f"{one.rt or '–'}/{one.rw or '–'}",
        basis=basis,
        note="lewat adendum" if one.by_addendum else "",
    )
