"""Photos of a whole village from a folder or a ZIP: planned first, then applied in pieces, told file by file.

Here, because it brings together what no lower room may: pictures (printing) and families (registry). A command and a
web page call the same functions.
"""

from kiosk.photo_import.applying import apply_photos
from kiosk.photo_import.plan import Fate, Finding, PhotoPlan, discard_plan, load_plan, sweep_plans
from kiosk.photo_import.planning import plan_photos
from kiosk.photo_import.report import REPORT_COLUMNS, report_rows

__all__ = [
    "REPORT_COLUMNS",
    "Fate",
    "Finding",
    "PhotoPlan",
    "apply_photos",
    "discard_plan",
    "load_plan",
    "plan_photos",
    "report_rows",
    "sweep_plans",
]
