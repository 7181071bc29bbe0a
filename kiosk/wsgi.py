"""What the production server loads: ``granian --interface wsgi kiosk.wsgi:app``."""

from kiosk import create_app
from printing.self_test import check_weasyprint

check_weasyprint()  # a server that would draw cards wrongly does not start
app = create_app()
if app.extensions["kiosk"].settings.works:
    app.extensions["kiosk"].work.start()
