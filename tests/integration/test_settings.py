"""What an installation may choose, and how the answers of the web application are bound by it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from kiosk_fixtures import PASSWORD, Browser

from kiosk import create_app
from kiosk.settings import DEFAULT_ISSUER, Settings
from registry.errors import KeyFault, RegistryError
from registry.kinds import Role


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment without any of our names, in an empty folder."""
    for name in ("HOME", "PASSPHRASE", "ISSUER", "HTTPS", "PROXIES"):
        monkeypatch.delenv(f"KIOSK_{name}", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def test_without_any_choice_everything_lies_in_one_folder(bare, tmp_path):
    settings = Settings.from_environment()
    assert settings.home == tmp_path / "instance"
    assert settings.database_url == f"sqlite:///{tmp_path}/instance/kiosk.db"
    assert (settings.passphrase, settings.issuer, settings.is_https) == (None, DEFAULT_ISSUER, False)


def test_the_passphrase_of_the_environment_comes_before_the_file(bare, tmp_path):
    keys = tmp_path / "instance" / "keys"
    keys.mkdir(parents=True)
    (keys / "passphrase").write_text("dari berkas\n")
    assert Settings.from_environment().passphrase == b"dari berkas"
    bare.setenv("KIOSK_PASSPHRASE", "dari lingkungan")
    assert Settings.from_environment().passphrase == b"dari lingkungan"


def test_a_wrong_passphrase_keeps_the_kiosk_shut(settings):
    with pytest.raises(KeyFault) as fault:
        create_app(replace(settings, passphrase=b"wrong"))
    assert fault.value.code == "key_wrong_passphrase"


def test_an_old_schema_keeps_the_kiosk_shut(settings, tmp_path):
    (tmp_path / "other.db").touch()
    with pytest.raises(RegistryError) as fault:
        create_app(replace(settings, database_url=f"sqlite:///{tmp_path / 'other.db'}"))
    assert fault.value.code == "schema_outdated"


def cookies_of(settings: Settings) -> list[str]:
    app = create_app(settings)
    scheme = "https" if settings.is_https else "http"
    client = app.test_client()
    page = client.get("/masuk", base_url=f"{scheme}://kiosk.example")
    app.extensions["kiosk"].close()
    return page.headers.getlist("Set-Cookie")


def test_cookies_are_for_the_server_only_and_by_https_where_there_is_https(settings):
    plain = cookies_of(settings)
    assert any(cookie.startswith("kiosk=") for cookie in plain)
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie for cookie in plain)
    secure = cookies_of(replace(settings, is_https=True))
    assert any(cookie.startswith("__Host-kiosk=") for cookie in secure)
    assert all("Secure" in cookie and "Domain" not in cookie and "Path=/" in cookie for cookie in secure)


def test_every_answer_carries_the_headers_that_bind_the_browser(visitor):
    for path in ("/masuk", "/tidak-ada", "/static/css/ground.css", "/"):
        headers = visitor.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "camera=(self)" in headers["Permissions-Policy"]


def test_pages_of_a_signed_in_officer_are_kept_nowhere(signed_in):
    browser = signed_in(Role.CARD_CLERK)
    assert browser.get("/").headers["Cache-Control"] == "no-store"
    assert "no-store" not in browser.get("/static/css/ground.css").headers["Cache-Control"]


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
def test_a_flood_is_refused(visitor, kind):
    answer = visitor.client.post("/masuk", data=b"x" * 17_000_000, content_type=kind)
    assert answer.status_code == 413


def test_a_form_field_of_ten_megabytes_is_refused(visitor):
    answer = visitor.client.post("/masuk", data={"username": "x" * 10_000_000})
    assert answer.status_code == 413
    assert "terlalu besar" in answer.text


def test_the_browsers_address_is_believed_from_a_known_proxy_only(settings, hire):
    hire(Role.CARD_CLERK)
    app = create_app(replace(settings, proxies=1))
    guesser = Browser(app)
    for n in range(21):
        guesser.sign_in(f"nama{n}", "salah salah salah", headers={"X-Forwarded-For": "10.0.0.7"})
    here = {"headers": {"X-Forwarded-For": "10.0.0.7"}}
    assert Browser(app).sign_in("budi.santoso", PASSWORD, **here).status_code == 429
    assert Browser(app).sign_in("budi.santoso", PASSWORD).status_code == 303
    app.extensions["kiosk"].close()
