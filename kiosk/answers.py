"""How the answer to a scan looks: its kind (colour and sign) and the one word that fills the screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from kiosk import words
from registry.kinds import Outcome
from verify.reasons import Reason, ReasonCode


@dataclass(frozen=True)
class Answer:
    """What fills the screen: a kind of templates/macros/verdict.html, a word, and the words of every reason."""

    kind: Literal["granted", "already", "refused", "unknown"]
    word: str
    reasons: tuple[words.Words, ...]


def answer_of(outcome: Outcome, reasons: Iterable[Reason]) -> Answer:
    """Return the answer to a scan: amber when the package was received already, whatever else is true."""
    reasons = tuple(reasons)
    codes = {reason.code for reason in reasons}
    said = tuple(words.of(reason.code, **reason.detail) for reason in reasons)
    if outcome is Outcome.GRANTED:
        return Answer("granted", "Berhak", said)
    if outcome is Outcome.UNKNOWN:
        word = "Tidak terbaca" if ReasonCode.UNREADABLE in codes else "Bukan kartu kita"
        return Answer("unknown", word, said)
    if ReasonCode.CARD_ELSEWHERE in codes:  # whether the card is good was not looked at
        return Answer("unknown", "Pindai kodenya", said)
    for reason, its_words in zip(reasons, said, strict=True):
        if reason.code is ReasonCode.ALREADY_GIVEN:
            return Answer("already", its_words.title, said)
    if ReasonCode.QUOTA_USED in codes:
        return Answer("already", "Jatah habis", said)
    if ReasonCode.PUPIL_CONFIRMED in codes:
        return Answer("already", "Sudah dikonfirmasi", said)
    return Answer("refused", "Ditolak", said)
