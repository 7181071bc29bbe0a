"""Words for what is given, by what it is: a package is handed over, a payment is marked, a registration is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.words.shape import Words
from registry.kinds import Unit

__all__ = ["ALREADY_GIVEN_AS", "GivenAs", "given_as"]


@dataclass(frozen=True)
class GivenAs:
    """How one kind of giving is spoken of: on the verdict, the receipt, its slip, the minutes and a family's status."""

    act: str
    """What the act is called: ``Bukti penyaluran``, ``Berita acara penyaluran``, ``Batalkan penyaluran ini``."""
    what: str
    """What it is called on the receipt."""
    deed: str
    """What was done with it: ``telah disalurkan``, ``Disalurkan hari ini``."""
    left: str
    """What has not been done yet: ``belum diambil``."""
    done: str
    """The word that fills the screen when it is done."""
    had: str
    """The word for who has it already."""
    button: str
    """What the button says before the programme's name."""
    before: str
    """The heading over what the officer must do first."""
    takes: str
    """Who does it for the family: ``Diambil oleh``, ``Siapa yang mengambil?``."""
    taker: str
    unpriced: tuple[str, str]
    """What stands where there is no price, in large letters, and what that means."""
    again: str
    """What the family may do once it was taken back."""
    ask: str
    """When to complain."""


_FREE = ("GRATIS", "tidak dipungut biaya")
_HANDED_OVER = GivenAs(
    act="penyaluran",
    what="Paket",
    deed="disalurkan",
    left="belum diambil",
    done="Diserahkan",
    had="Sudah diterima",
    button="Salurkan",
    before="Sebelum menyerahkan",
    takes="Diambil",
    taker="mengambil",
    unpriced=_FREE,
    again="keluarga ini boleh menerima paketnya satu kali lagi",
    ask="Diminta membayar lebih atau barang kurang?",
)
_PAID = GivenAs(
    act="tanda bayar",
    what="Pembayaran",
    deed="ditandai dibayar",
    left="belum dibayar",
    done="Ditandai dibayar",
    had="Sudah dibayar",
    button="Tandai sudah dibayar:",
    before="Sebelum menandai",
    takes="Diterima",
    taker="menerima",
    unpriced=("UTUH", "tidak dipotong biaya apa pun"),
    again="pembayaran keluarga ini dapat ditandai satu kali lagi",
    ask="Uangnya dipotong atau belum diterima?",
)
_RECORDED = GivenAs(
    act="pencatatan",
    what="Yang dicatat",
    deed="dicatat",
    left="belum dicatat",
    done="Dicatat",
    had="Sudah dicatat",
    button="Catat",
    before="Sebelum mencatat",
    takes="Diurus",
    taker="mengurus",
    unpriced=_FREE,
    again="hak ini dapat dicatat satu kali lagi",
    ask="Diminta membayar, atau datanya salah?",
)
_SPENT = GivenAs(
    act="belanja",
    what="Dibelanjakan",
    deed="dibelanjakan",
    left="belum dibelanjakan",
    done="Dibelanjakan",
    had="Sudah dibelanjakan",
    button="Belanjakan dari",
    before="Sebelum menyerahkan",
    takes="Diambil",
    taker="mengambil",
    unpriced=_FREE,
    again="jumlahnya kembali ke saldo keluarga",
    ask="Jumlahnya tidak sama dengan belanjaan?",
)


def given_as(unit: Unit, *, is_spent: bool = False) -> GivenAs:
    """Return the words for a programme's unit.

    Args:
        is_spent: whether it is a balance, of which goods are bought in parts.
    """
    if is_spent:
        return _SPENT
    match unit:
        case Unit.PACKAGE | Unit.GOODS:
            return _HANDED_OVER
        case Unit.RUPIAH:
            return _PAID
        case Unit.VISIT | Unit.REGISTRATION | Unit.POLICY | Unit.STATUS:
            return _RECORDED


_SHOW_IT = "Tunjukkan tanggal dan tempat ini kepada keluarga; bila dibantah, panggil penyelia."


def _recorded(what: str) -> Words:
    said = f"{what} {{round}} sudah dicatat pada {{at}} di {{point}} oleh {{officer}}, bukti {{receipt}}."
    return Words(_RECORDED.had, said, _SHOW_IT)


ALREADY_GIVEN_AS: Mapping[str, Words] = {
    Unit.RUPIAH: Words(
        _PAID.had,
        "Pembayaran {round} sudah ditandai pada {at} di {point} oleh {officer}, bukti {receipt}.",
        _SHOW_IT,
    ),
    Unit.GOODS: Words(
        _HANDED_OVER.had,
        "Barang {round} sudah disalurkan pada {at} di {point} oleh {officer}, bukti {receipt}.",
        _SHOW_IT,
    ),
    Unit.REGISTRATION: _recorded("Pendaftaran"),
    Unit.POLICY: _recorded("Polis"),
    Unit.STATUS: _recorded("Status"),
}
"""The words of ``already_given`` by the unit, where it is no package."""
