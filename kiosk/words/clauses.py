"""Words for the rules of who is entitled: what a fact is called, and what a clause saw of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from kiosk.filters import angka, tanggal
from kiosk.words.kinds import KINDS
from registry.kinds import JknStatus, Relation, Sex

__all__ = ["FACT_WORDS", "FactWords", "say_facts"]


@dataclass(frozen=True)
class FactWords:
    """What a fact of docs/rules.md is called, and how a value of it is said."""

    name: str
    values: str
    """Which values it can have, for whoever writes a clause."""
    say: Callable[[str], str]
    """Say a value, as it stands in a reason: ``4``, ``true``."""


def _truth(yes: str, no: str) -> Callable[[str], str]:
    return lambda value: yes if value == "true" else no


FACT_WORDS: Mapping[str, FactWords] = {
    "desil": FactWords("desil", "1 sampai 10", lambda value: f"desil {value}"),
    "menerima_pkh": FactWords("penerimaan PKH", "true, false", _truth("menerima PKH", "tidak menerima PKH")),
    "menerima_sembako": FactWords(
        "penerimaan bantuan sembako",
        "true, false",
        _truth("menerima bantuan sembako", "tidak menerima bantuan sembako"),
    ),
    "menerima_blt_dd": FactWords(
        "penerimaan BLT Dana Desa", "true, false", _truth("menerima BLT Dana Desa", "tidak menerima BLT Dana Desa")
    ),
    "jumlah_anggota": FactWords(
        "jumlah anggota keluarga", "angka bulat", lambda value: f"keluarga dengan {angka(int(value))} orang"
    ),
    "usia": FactWords("usia", "tahun penuh", lambda value: f"usia {value} tahun"),
    "jenis_kelamin": FactWords("jenis kelamin", "'L', 'P'", lambda value: KINDS[Sex][Sex(value)]),
    "hubungan": FactWords(
        "hubungan dengan kepala keluarga",
        ", ".join(f"'{one.value}'" for one in Relation),
        lambda value: f"{KINDS[Relation][Relation(value)]} dalam KK",
    ),
    "pekerjaan": FactWords("pekerjaan", "teks huruf kecil", lambda value: f"pekerjaan {value}"),
    "status_jkn": FactWords(
        "status JKN",
        ", ".join(f"'{one.value}'" for one in JknStatus),
        lambda value: f"status JKN {KINDS[JknStatus][JknStatus(value)]}",
    ),
    "punya_nisn": FactWords("NISN", "true", _truth("NISN tercatat", "NISN tidak tercatat")),
    "hamil": FactWords("kehamilan", "true, false", _truth("hamil", "tidak hamil")),
}
"""Every fact that a clause may ask for."""


def say_facts(facts: str) -> str:
    """Say what a clause saw: ``Desil 4 menurut DTSEN 15 Januari 2026``, ``Belum ada data desil``.

    Args:
        facts: JSON as a reason carries it: name, value or null, source, and date in ISO form or empty, for each fact.
    """
    said = ", ".join(_say(*one) for one in json.loads(facts))
    return said[:1].upper() + said[1:]


def _say(name: str, value: str | None, source: str, as_of: str) -> str:
    words = FACT_WORDS[name]
    if value is None:
        return f"belum ada data {words.name}"
    said = words.say(value)
    return f"{said} menurut {source} {tanggal(date.fromisoformat(as_of))}" if source and as_of else said
