"""Where photos are kept, by the settings: what is half said, wrong or of no use is told before anything starts."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from environs import Env, EnvError

from cases.photo_settings import BucketSettings, bucket_settings
from tests.certificates import Authority

SECRET = "what nobody may read"
SETTINGS = {
    "PHOTO_S3_ENDPOINT": "https://s3.example.cn:8443",
    "PHOTO_S3_BUCKET": "photos",
    "PHOTO_S3_ACCESS_KEY": "sandan",
    "PHOTO_S3_SECRET_KEY": SECRET,
}


def read(monkeypatch: pytest.MonkeyPatch, **settings: str) -> BucketSettings | None:
    monkeypatch.delenv("PHOTO_S3_REGION", raising=False)
    for name in (*SETTINGS, "PHOTO_S3_CA_FILE", "PHOTO_S3_CERT_FILE", "PHOTO_S3_KEY_FILE"):
        monkeypatch.setenv(name, "")
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return bucket_settings(Env())


def told(monkeypatch: pytest.MonkeyPatch, **settings: str) -> str:
    """Why these are refused, in words that show no secret."""
    with pytest.raises(EnvError) as refused:
        read(monkeypatch, **{**SETTINGS, **settings})
    assert SECRET not in str(refused.value)
    return str(refused.value)


def test_without_any_of_them_photos_are_in_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch) is None


def test_all_of_them_name_a_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch, **SETTINGS)
    assert found == BucketSettings("https://s3.example.cn:8443", "photos", "sandan", SECRET, "us-east-1")
    assert SECRET not in repr(found)
    elsewhere = read(monkeypatch, **SETTINGS, PHOTO_S3_REGION="cn-south-1")
    assert found is not None
    assert elsewhere == replace(found, region="cn-south-1")


@pytest.mark.parametrize("missing", SETTINGS)
def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    reason = told(monkeypatch, **{missing: ""})
    assert missing in reason
    assert not any(name in reason for name in SETTINGS if name != missing)


@pytest.mark.parametrize("said", SETTINGS)
def test_one_alone_is_not_passed_over(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    reason = told(monkeypatch, **dict.fromkeys(SETTINGS, "") | {said: SETTINGS[said]})
    assert all(name in reason for name in SETTINGS if name != said)


@pytest.mark.parametrize(
    "endpoint",
    [
        "s3.example.cn",
        "ftp://s3.example.cn",
        "https://",
        "https://s3.example.cn/photos",
        "https://s3.example.cn?x=1",
        f"https://sandan:{SECRET}@s3.example.cn",
        "https://[s3",
    ],
)
def test_an_address_that_is_none_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    assert "PHOTO_S3_ENDPOINT" in told(monkeypatch, PHOTO_S3_ENDPOINT=endpoint)


@pytest.mark.parametrize("name", ["Photos", "ab", "a/b", "192.168.0.1"])
def test_a_bucket_that_cannot_be_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert "PHOTO_S3_BUCKET" in told(monkeypatch, PHOTO_S3_BUCKET=name)


def test_files_of_tls_are_tried_and_none_is_given_in_vain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    chain, ca_file = str(authority.chain("sandan")), str(authority.file)
    assert "cannot be read" in told(monkeypatch, PHOTO_S3_CA_FILE=str(tmp_path / "none.pem"))
    assert "named together" in told(monkeypatch, PHOTO_S3_CERT_FILE=chain)
    assert "https://" in told(monkeypatch, PHOTO_S3_CA_FILE=ca_file, PHOTO_S3_ENDPOINT="http://s3.example.cn")
    trusted = {"PHOTO_S3_CA_FILE": ca_file, "PHOTO_S3_CERT_FILE": chain, "PHOTO_S3_KEY_FILE": chain}
    found = read(monkeypatch, **SETTINGS, **trusted)
    assert found is not None
    assert (found.trust.ca_file, found.trust.cert_file) == (ca_file, chain)


def test_who_has_no_bucket_does_not_load_its_client() -> None:
    asked = "import sys, cases.service; print('minio' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", asked], check=True, capture_output=True, text=True, timeout=60
    )
    assert told.stdout == "False\n"
