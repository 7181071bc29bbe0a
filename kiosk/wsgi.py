"""What the production server loads: ``granian --interface wsgi kiosk.wsgi:app``."""

from kiosk import create_app

app = create_app()
if app.extensions["kiosk"].settings.works:
    app.extensions["kiosk"].work.start()
