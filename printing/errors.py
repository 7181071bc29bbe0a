"""What printing refuses to do, each with a code that the kiosk has words for."""


class PrintingError(Exception):
    """Something can't be put on paper as it should be; ``code`` says what, ``about`` which part of it.

    Codes: ``text_does_not_fit`` and ``text_too_long`` (about: the field), ``qr_text_not_printable`` (what version 12-M
    in alphanumeric mode can't hold), ``photo_not_ours`` (not a picture that `printing.photo` made), ``asset_denied``
    (the template asked for something outside), ``pages_do_not_match`` (words have run over onto another page).
    """

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(f"{code}: {about}" if about else code)
        self.code = code
        self.about = about


class PhotoError(PrintingError):
    """A picture can't be taken in.

    Codes: ``photo_too_large`` (bytes), ``photo_too_many_pixels``, ``photo_wrong_format``, ``photo_unreadable``.
    """
