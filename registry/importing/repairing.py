"""Read the values of a list as people write them: dates, yes and no, relations, names; pure functions."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache

from registry.kinds import JknStatus, Relation, Sex

__all__ = [
    "dot_village_code",
    "read_date",
    "read_jkn",
    "read_relation",
    "read_sex",
    "read_yes_no",
    "tidy_name",
    "tidy_text",
]

_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            ("januari", "jan"),
            ("februari", "pebruari", "feb"),
            ("maret", "mar"),
            ("april", "apr"),
            ("mei",),
            ("juni", "jun"),
            ("juli", "jul"),
            ("agustus", "agu", "ags", "agt"),
            ("september", "sep", "sept"),
            ("oktober", "okt"),
            ("november", "nopember", "nov", "nop"),
            ("desember", "des"),
        ),
        start=1,
    )
    for name in names
}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4})")
_IN_WORDS = re.compile(r"(\d{1,2})\s+([A-Za-z]+)\.?\s+(\d{4})")

# the numbers are those of SHDK in the population administration (SIAK)
_RELATIONS = {
    word: relation
    for relation, words in {
        Relation.HEAD: ("kepalakeluarga", "kepalakk", "kepala", "kk", "1"),
        Relation.HUSBAND: ("suami", "2"),
        Relation.WIFE: ("istri", "isteri", "3"),
        Relation.CHILD: ("anak", "anakkandung", "4"),
        Relation.CHILD_IN_LAW: ("menantu", "5"),
        Relation.GRANDCHILD: ("cucu", "6"),
        Relation.PARENT: ("orangtua", "7"),
        Relation.PARENT_IN_LAW: ("mertua", "8"),
        Relation.RELATIVE: ("famililain", "familylain", "famili", "keponakan", "9"),
        Relation.HELPER: ("pembantu", "asistenrumahtangga", "10"),
        Relation.OTHER: ("lainnya", "lain", "anggotakeluarga", "anaktiri", "anakangkat", "11"),
    }.items()
    for word in words
}
_SEXES = {
    word: sex
    for sex, words in {
        Sex.MALE: ("l", "lk", "lakilaki", "laki", "pria", "1"),
        Sex.FEMALE: ("p", "pr", "perempuan", "wanita", "2"),
    }.items()
    for word in words
}
_ANSWERS = {
    **dict.fromkeys(("y", "ya", "yes", "1", "true", "ada", "iya"), True),
    **dict.fromkeys(("t", "tidak", "n", "no", "0", "false", "tdk"), False),
}
_JKN = {
    word: status
    for status, words in {
        JknStatus.PBI: ("pbi", "pbijk", "pbijkn", "pbiapbn", "pbiapbd", "kis"),
        JknStatus.PBPU: ("pbpu", "mandiri", "pbpupemda"),
        JknStatus.PPU: ("ppu",),
        JknStatus.BP: ("bp", "bukanpekerja"),
        JknStatus.NONE: ("tidak", "t", "tidakada", "bukanpeserta", "belum"),
    }.items()
    for word in words
}
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_SPACES = re.compile(r"\s+")
_WORD_BEGINS = re.compile(r"(^|[\s\-/(])(\w)")
_BARE_VILLAGE = re.compile(r"(\d{2})\D?(\d{2})\D?(\d{2})\D?(\d{4})")


@lru_cache(maxsize=65_536)  # a list holds about 30,000 different birth dates
def read_date(text: str) -> tuple[date | None, bool]:
    """Return a date, and whether it stood in another form than ``1980-08-17``.

    Also read are ``17/08/1980``, ``17-08-1980``, ``17.08.1980`` and ``17 Agustus 1980``; days stand before months.

    Raises:
        ValueError: for a date that no calendar has (``31/02/1980``) or no readable date at all.
    """
    text = text.strip()
    if not text:
        return None, False
    if match := _ISO.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3])), False
    if match := _DAY_FIRST.fullmatch(text):
        return date(int(match[4]), int(match[3]), int(match[1])), True
    if (match := _IN_WORDS.fullmatch(text)) and match[2].lower() in _MONTHS:
        return date(int(match[3]), _MONTHS[match[2].lower()], int(match[1])), True
    raise ValueError("no date")


@lru_cache(maxsize=1_024)
def read_relation(text: str) -> Relation | None:
    """Return the relation to the head that words or an SHDK number mean."""
    return _RELATIONS.get(_word(text))


@lru_cache(maxsize=256)
def read_sex(text: str) -> Sex | None:
    """Return the sex that ``L``, ``P`` or their words mean."""
    return _SEXES.get(_word(text))


@lru_cache(maxsize=256)
def read_yes_no(text: str) -> bool | None:
    """Return what ``Y``, ``T`` or their words mean."""
    return _ANSWERS.get(_word(text))


@lru_cache(maxsize=256)
def read_jkn(text: str) -> JknStatus | None:
    """Return the health-insurance status that a word means."""
    return _JKN.get(_word(text))


def dot_village_code(text: str) -> str:
    """Return a village code with its dots where ten digits are there; anything else as it stands."""
    match = _BARE_VILLAGE.fullmatch(text.strip())
    return ".".join(match.groups()) if match else text.strip()


def tidy_text(text: str) -> str:
    """Return a text composed (NFC), without control characters, with single spaces; a lone dash means nothing."""
    if text.isascii() and text.isprintable():
        tidy = text.strip()
    else:
        composed = unicodedata.normalize("NFC", text)
        tidy = "".join(" " if unicodedata.category(char) in ("Cc", "Zs") else char for char in composed).strip()
    if "  " in tidy:
        tidy = _SPACES.sub(" ", tidy)
    return "" if tidy == "-" else tidy


def tidy_name(text: str) -> str:
    """Return a name tidied as any text, and from capitals alone into usual spelling (``SITI MA'RUF``: Siti Ma'ruf)."""
    tidy = tidy_text(text)
    if tidy.isupper() and len(tidy) > 1:
        return _WORD_BEGINS.sub(lambda match: match[1] + match[2].upper(), tidy.lower())
    return tidy


def _word(text: str) -> str:
    return _NOT_A_WORD.sub("", text.lower())
