"""What printing refuses to do, each with a code that the kiosk has words for."""


class PrintingError(Exception):
    """Something can't be put on paper as it should be; ``code`` says what, ``about`` which part of it.

    Codes: ``text_does_not_fit``, ``text_not_in_typeface`` and ``text_too_long`` (about: the field),
    ``qr_text_not_printable`` (what version 12-M in alphanumeric mode can't hold), ``photo_not_ours`` (not a picture
    that `printing.photo` made), ``asset_denied`` (the template asked for something outside), ``pages_do_not_match``
    (words have run over onto another page), ``readings_contradict`` (what was measured on a calibration sheet can't
    all be true), ``code_differs`` (about: the card's number; what is drawn of its code is not what the database says);
    ``took_too_long``, ``took_too_much_memory``, ``worker_died`` (`printing.confined`); and of a card's design, about
    the part of it, ``design_…`` (`printing.design`, `design_markup`, `design_drawn`, `blueprint`).
    """

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(f"{code}: {about}" if about else code)
        self.code = code
        self.about = about


class PhotoError(PrintingError):
    """A picture can't be taken in.

    Codes: ``photo_too_large`` (bytes), ``photo_too_many_pixels``, ``photo_too_small`` (pixels), ``photo_wrong_format``,
    ``photo_unreadable``, ``photo_cut_outside``, ``photo_is_archive``; of a whole archive of pictures ``archive_…``
    ``unreadable``, ``locked``, ``empty``, ``too_many``, ``packed_too_well``, ``takes_too_long``; of a picture in which
    a card's code is looked for ``code_not_found``, ``code_unclear``, ``code_not_alone``, ``picture_dark``.
    """
