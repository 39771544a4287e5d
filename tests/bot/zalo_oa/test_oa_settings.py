"""The settings of an Official Account belong together: half of them is an error that names what is missing."""

import pytest

from bot.settings import SettingsError, load_settings, secret_values

WHOLE = {
    "ZALO_OA_APP_ID": "4417302918274655",
    "ZALO_OA_APP_SECRET": "khoa-cua-ung-dung",
    "ZALO_OA_KEY": "khoa-cua-oa",
    "ZALO_OA_PUBLIC_URL": "https://dondoc.test",
    "SECRET_KEY": "khoa-cua-to-chuc-dai",
}


@pytest.fixture
def environment(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_together_they_are_fine_and_nothing_is_billed_unless_somebody_says_so(environment):
    settings = load_settings()
    assert settings.zalo_oa_may_bill is False
    assert {WHOLE["ZALO_OA_APP_SECRET"], WHOLE["ZALO_OA_KEY"], WHOLE["SECRET_KEY"]} <= set(secret_values(settings))
    assert "khoa" not in repr(settings)


@pytest.mark.parametrize("missing", ["ZALO_OA_APP_SECRET", "ZALO_OA_KEY", "ZALO_OA_PUBLIC_URL", "SECRET_KEY"])
def test_what_is_missing_is_named(environment, missing):
    environment.delenv(missing)
    with pytest.raises(SettingsError) as raised:
        load_settings()
    (sentence,) = raised.value.sentences
    assert sentence.startswith(f"{missing} phải")


@pytest.mark.parametrize(
    ("name", "value"),
    [("ZALO_OA_APP_ID", "abc"), ("ZALO_OA_PUBLIC_URL", "http://dondoc.test"), ("ZALO_OA_MAY_BILL", "có lẽ")],
)
def test_what_cannot_be_is_said_without_the_value(environment, name, value):
    environment.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert any(sentence.startswith(f"{name} phải") for sentence in raised.value.sentences)
    assert value not in str(raised.value)
