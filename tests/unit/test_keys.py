"""The keys folder: what is made, how it lies there, and what is refused."""

from __future__ import annotations

import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from moment import NOW

from registry.code.cose import Signer
from registry.errors import KeyFault
from registry.keys.keys import load_keys, make_missing_keys
from registry.keys.private_keys import open_private_key, seal_private_key
from registry.keys.trust import open_trust_list, sign_trust_list

ISSUER = "https://kk.kalteng.go.id"
PASSPHRASE = b"rotan dan ulin"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home") / "keys"
    make_missing_keys(folder, PASSPHRASE, issuer=ISSUER, at=NOW)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "keys"))


def code_of(folder: Path, passphrase: bytes = PASSPHRASE, issuer: str = ISSUER) -> str:
    with pytest.raises(KeyFault) as fault:
        load_keys(folder, passphrase, issuer=issuer)
    return fault.value.code


def test_made_keys_are_opened(folder):
    ring = load_keys(folder, PASSPHRASE, issuer=ISSUER)
    assert [key.kid for key in ring.trusted] == [ring.signer.kid]
    assert ring.trusted[0].valid_from == NOW.replace(microsecond=0)
    assert len({ring.audit_key, bytes.fromhex(ring.session_key)}) == 2


def test_only_the_owner_may_read_them(folder):
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_private_keys_are_sealed_with_scrypt(folder):
    for name in ("root.pem", "issuing.pem"):
        told = subprocess.run(
            ["openssl", "asn1parse", "-in", folder / name], capture_output=True, text=True, check=True
        ).stdout
        assert ":scrypt" in told
        assert ":aes-256-cbc" in told


def test_the_passphrase_is_never_an_argument(monkeypatch):
    seen = []
    run = subprocess.run

    def watch(command, **rest):
        seen.append((command, rest.get("env")))
        return run(command, **rest)

    monkeypatch.setattr(subprocess, "run", watch)
    seal_private_key(Ed25519PrivateKey.generate(), PASSPHRASE)
    [(command, environment)] = seen
    assert PASSPHRASE.decode() not in " ".join(command)
    assert environment is None


@pytest.mark.parametrize("passphrase", [b"", b"two\nlines"])
def test_a_passphrase_that_openssl_would_cut_is_refused(passphrase):
    with pytest.raises(KeyFault) as fault:
        seal_private_key(Ed25519PrivateKey.generate(), passphrase)
    assert fault.value.code == "passphrase_unfit"


@pytest.mark.parametrize("passphrase", [b"rotan dan besi", b""])
def test_a_wrong_passphrase_opens_nothing(folder, passphrase):
    assert code_of(folder, passphrase) == "key_wrong_passphrase"


def test_a_key_that_lies_there_unsealed_is_refused(folder):
    with pytest.raises(KeyFault) as fault:
        open_private_key(b"-----BEGIN PRIVATE KEY-----", PASSPHRASE)
    assert fault.value.code == "key_unreadable"
    (folder / "field.key").write_text("short")
    assert code_of(folder) == "key_unreadable"


def test_making_again_changes_nothing(folder):
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert make_missing_keys(folder, PASSPHRASE, issuer=ISSUER, at=NOW) == []
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


@pytest.mark.parametrize("name", ["field.key", "index.key", "audit.key", "session.key", "issuing.pem", "root.pub"])
def test_a_lost_key_of_a_folder_in_use_is_told_and_not_made_anew(folder, name):
    (folder / name).unlink()
    with pytest.raises(KeyFault) as fault:
        make_missing_keys(folder, PASSPHRASE, issuer=ISSUER, at=NOW)
    assert (fault.value.code, fault.value.detail) == ("key_missing", {"file": name})
    assert code_of(folder) == "key_missing"


def test_the_root_key_may_be_taken_away(folder):
    (folder / "root.pem").unlink()
    assert make_missing_keys(folder, PASSPHRASE, issuer=ISSUER, at=NOW) == []
    load_keys(folder, PASSPHRASE, issuer=ISSUER)


@pytest.mark.parametrize("missing", [("trust.cwt",), ("trust.cwt", "root.pub", "issuing.pem")])
def test_a_first_start_that_was_cut_off_is_completed(folder, missing):
    field = (folder / "field.key").read_bytes()
    for name in missing:
        (folder / name).unlink()
    made = {path.name for path in make_missing_keys(folder, PASSPHRASE, issuer=ISSUER, at=NOW)}
    assert made == {"trust.cwt", "root.pub", *missing}
    assert (folder / "field.key").read_bytes() == field
    load_keys(folder, PASSPHRASE, issuer=ISSUER)


def test_a_lost_secret_is_not_made_anew_even_when_the_trust_list_is_lost_too(folder):
    for name in ("trust.cwt", "field.key"):
        (folder / name).unlink()
    with pytest.raises(KeyFault) as fault:
        make_missing_keys(folder, PASSPHRASE, issuer=ISSUER, at=NOW)
    assert (fault.value.code, fault.value.detail) == ("key_missing", {"file": "field.key"})


def test_a_trust_list_of_another_root_is_refused(folder):
    ring = load_keys(folder, PASSPHRASE, issuer=ISSUER)
    stranger = Signer.of(Ed25519PrivateKey.generate())
    (folder / "trust.cwt").write_bytes(sign_trust_list(ring.trusted, stranger, at=NOW))
    assert code_of(folder) == "trust_list_unreadable"


def test_one_changed_bit_of_the_trust_list_is_refused(folder):
    data, root = (folder / "trust.cwt").read_bytes(), (folder / "root.pub").read_bytes()
    assert open_trust_list(data, root)
    for place in range(len(data)):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises(KeyFault):
            open_trust_list(changed, root)


def test_keys_for_another_issuer_are_refused(folder):
    assert code_of(folder, issuer="https://example.org") == "issuing_key_untrusted"
