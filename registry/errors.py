"""The exceptions of the registry: each carries a code, whose Indonesian words stand in ``kiosk/words/``.

An exception is for what a correct screen would never ask, or for text from outside that cannot be taken; a refusal
that an officer explains to a family is an answer (``verify.decide.Decision``), not an exception.
"""

from __future__ import annotations


class RegistryError(Exception):
    """Something could not be done, by a code and what the words of that code need.

    Args:
        code: a word such as ``nik_length``.
        detail: values for the words; never a NIK, a Nomor KK or a name.
    """

    def __init__(self, code: str, /, **detail: str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


class IdentifierError(RegistryError):
    """A NIK, Nomor KK or card number has not the form of one."""


class TokenError(RegistryError):
    """A scanned text is not a card to be believed."""


class NotFound(RegistryError):  # noqa: N818 (the name says what it is)
    """There is no such thing, or it lies outside the officer's area (HTTP 404)."""


class Conflict(RegistryError):  # noqa: N818 (the name says what it is)
    """The state of the thing does not allow the step any more, or not yet (HTTP 409)."""


class SettingFault(RegistryError):  # noqa: N818 (the name says what it is)
    """What the installation was told to work with cannot be used: a setting, or the database that it names."""


class KeyFault(RegistryError):  # noqa: N818 (the name says what it is)
    """A key is missing, cannot be opened, or does not open what it should."""
