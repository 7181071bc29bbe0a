"""What a template may load: nothing but the assets that it is handed by name, all of them in memory."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from printing.errors import PrintingError


class AssetFetcher(URLFetcher):  # type: ignore[misc] # WeasyPrint is not typed
    """Answers for the names in ``assets`` and refuses all else: files, the network, ``data:`` too.

    Filtering addresses has failed before (CVE-2025-68616), so there is no filter to get around: a name is in the
    mapping, or the document is not made.
    """

    def __init__(self, assets: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._assets = assets
        self.denied: list[str] = []

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002 (WeasyPrint's signature)
        """The asset called ``url``; anything else is noted and ends the rendering."""
        body = self._assets.get(url)
        if body is None:
            self.denied.append(url)
            raise FatalURLFetchingError(url)
        # WeasyPrint passes over a style sheet that is not said to be one
        return URLFetcherResponse(url, body, headers={"Content-Type": "text/css"} if url.endswith(".css") else None)

    @contextmanager
    def denials_reported(self) -> Iterator[None]:
        """Raises `PrintingError` ``asset_denied`` if anything was refused within.

        WeasyPrint's own fatal error is not enough: it is swallowed where an SVG asks, and no `Exception` elsewhere.
        """
        try:
            yield
        except FatalURLFetchingError:
            raise self._report() from None
        if self.denied:
            raise self._report()

    def _report(self) -> PrintingError:
        # the scheme alone: an address may hold what must not stand in a log
        return PrintingError("asset_denied", self.denied[0].partition(":")[0])
