"""pretix draws cards as its badges: a process of its own, run by a Python that has pretix (see `bench.pretix_badges`).

Nothing of this project is imported here. On the first line comes what to draw, as JSON:

* ``background``: a PDF of two pages, in base64;
* ``layout``: what stands on them and where, in pretix's own terms;
* ``cards``: for each the texts by the name that the layout calls them, ``code``, and ``photo`` in base64.

It answers with pretix's version. To every further line, which names a file or is empty, it draws all cards, writes them
there or nowhere, and answers with the milliseconds of the processor that it took.

The drawing is pretix's own from `render_pdf` down. What would come from its database is handed in: the layout, and for
each badge a stand-in for the order's position.
"""

import base64
import json
import os
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any


def main() -> None:
    """Read the task, then draw it for every line that comes."""
    task = json.loads(sys.stdin.readline())
    with TemporaryDirectory() as folder:
        os.environ["DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "pretix.settings"
        import django
        import pretix

        django.setup()
        draw = prepared(task)
        print(pretix.__version__, flush=True)
        for line in sys.stdin:
            start = time.process_time()
            pdf = draw()
            print(1000 * (time.process_time() - start), flush=True)
            if path := line.strip():
                Path(path).write_bytes(pdf)


def prepared(task: dict[str, Any]) -> Callable[[], bytes]:
    """What draws all cards of a task into one PDF, one badge after the other, two pages each."""
    from pretix.base import pdf
    from pretix.plugins.badges import exporters

    names = task["cards"][0]["texts"]
    pdf.get_variables = lambda _event: {
        "code": {"evaluate": lambda position, _order, _event: position.card["code"]},
        **{name: {"evaluate": _text(name)} for name in names},
    }
    pdf.get_images = lambda _event: {"photo": {"evaluate": lambda position, _order, _event: BytesIO(position.photo)}}
    event = SimpleNamespace(
        pk=None,
        settings=SimpleNamespace(region="ID"),
        badge_layouts=SimpleNamespace(get=lambda default: default),
    )
    background = BytesIO(base64.b64decode(task["background"]))
    pdf.Renderer._register_fonts()
    renderer = pdf.Renderer(event, task["layout"], background)
    exporters._renderer = lambda _event, _layout: renderer
    exporters.BadgeItem = SimpleNamespace(
        objects=SimpleNamespace(select_related=lambda _name: SimpleNamespace(filter=lambda **_named: []))
    )
    order = SimpleNamespace(event=event, locale="id")
    positions = [
        SimpleNamespace(item_id=1, order=order, subevent=None, card=card, photo=base64.b64decode(card["photo"]))
        for card in task["cards"]
    ]

    def draw() -> bytes:
        target = BytesIO()
        exporters.render_pdf(event, positions, exporters.OPTIONS["one"], target)
        return target.getvalue()

    return draw


def _text(name: str) -> Callable[..., str]:
    return lambda position, _order, _event: position.card["texts"][name]


if __name__ == "__main__":
    main()
