"""What an installation may choose, read once from the environment: nothing else in this project reads it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from registry.errors import SettingFault

DEFAULT_ISSUER = "https://kk.kalteng.go.id"


@dataclass(frozen=True)
class Settings:
    """The choices of one installation; everything it owns lies in ``home``."""

    home: Path
    database_url: str
    passphrase: bytes | None = None
    """Opens the private keys; none when neither the environment nor the key folder holds one yet."""
    issuer: str = DEFAULT_ISSUER
    is_https: bool = False
    """Whether browsers reach the kiosk by https: cookies are then sent by https only."""
    proxies: int = 0
    """How many proxies before the kiosk may be believed about the browser's address."""
    idle_limit: timedelta = timedelta(minutes=15)  # a counter is shared: an officer called away is soon signed out
    absolute_limit: timedelta = timedelta(hours=12)  # one working day; NIST SP 800-63B asks for at most this at AAL2
    cups_url: str = "ipp://localhost:631/"
    """The CUPS server whose queues are offered when a printer is added; there need not be one."""
    works: bool = True
    """Whether the server draws and prints batches itself, beside the workers that ``kiosk work`` runs."""
    max_body: int = 16 * 1024 * 1024  # a 5 MB family list or a phone's photo with room to spare

    @property
    def keys_folder(self) -> Path:
        """The folder of the private keys, which no backup of the database contains."""
        return self.home / "keys"

    @property
    def passphrase_file(self) -> Path:
        """Where the passphrase of the keys lies when the environment gives none."""
        return self.keys_folder / "passphrase"

    @property
    def photos_folder(self) -> Path:
        """The folder of the face photos; the database knows them by their hash."""
        return self.home / "photos"

    @property
    def designs_folder(self) -> Path:
        """The folder of the card designs that an office made; the packaged one travels with the code."""
        return self.home / "designs"

    @property
    def photo_plans_folder(self) -> Path:
        """The folder of villages' photos that wait to be applied, for a day at most."""
        return self.home / "photo-plans"

    @property
    def uploads_folder(self) -> Path:
        """The folder through which what browsers send passes, in files without a name."""
        return self.home / "uploads"

    @property
    def prints_folder(self) -> Path:
        """The folder of the drawn batches, shared by all machines that draw or serve; empty at rest."""
        return self.home / "prints"

    @property
    def queue_file(self) -> Path:
        """Where work in the background waits, on SQLite; it may be lost: the database knows what is to be done."""
        return self.home / "queue.db"

    @property
    def demo_password_file(self) -> Path:
        """Where the password of the demo's officers lies, in an installation that was made to try things out."""
        return self.home / "demo-password"

    @property
    def lists_folder(self) -> Path:
        """The folder of family lists that are being taken over; it holds NIK in clear, and is empty at rest."""
        return self.home / "lists"

    @classmethod
    def from_environment(cls) -> Settings:
        """Read ``KIOSK_HOME``, ``DATABASE_URL``, ``KIOSK_PASSPHRASE``, ``KIOSK_ISSUER``, ``KIOSK_HTTPS``,
        ``KIOSK_PROXIES``, ``KIOSK_CUPS``, ``KIOSK_WORK``; what each means stands in docs/keeping.md.

        Raises:
            SettingFault: code ``setting_malformed`` (detail ``name``).
        """
        home = Path(os.environ.get("KIOSK_HOME", "instance")).resolve()
        passphrase = os.environ.get("KIOSK_PASSPHRASE", "").encode()
        file = home / "keys" / "passphrase"
        if not passphrase and file.exists():
            passphrase = file.read_bytes().strip()
        return cls(
            home=home,
            database_url=os.environ.get("DATABASE_URL") or f"sqlite:///{home / 'kiosk.db'}",
            passphrase=passphrase or None,
            issuer=os.environ.get("KIOSK_ISSUER") or DEFAULT_ISSUER,
            is_https=_is_on("KIOSK_HTTPS", otherwise="0"),
            proxies=_count("KIOSK_PROXIES"),
            cups_url=os.environ.get("KIOSK_CUPS") or cls.cups_url,
            works=_is_on("KIOSK_WORK", otherwise="1"),
        )


def _is_on(name: str, *, otherwise: str) -> bool:
    text = os.environ.get(name) or otherwise
    if text not in ("0", "1"):  # "true" taken for 0 would quietly send cookies in the clear
        raise SettingFault("setting_malformed", name=name)
    return text == "1"


def _count(name: str) -> int:
    text = os.environ.get(name) or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise SettingFault("setting_malformed", name=name)
    return int(text)
