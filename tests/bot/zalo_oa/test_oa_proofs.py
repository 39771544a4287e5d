"""What proves who speaks is what the standards and Zalo say it is, and sealed words stay sealed."""

import hashlib

import pytest

from bot.zalo_oa.proofs import challenge_of, is_signed, new_verifier, signature_of
from bot.zalo_oa.vault import SealBrokenError, Vault

BODY = '{"event_name":"user_send_text","timestamp":"1730336131602","message":{"text":"việc"}}'.encode()
SIGNED = {"app_id": "44173", "timestamp": "1730336131602", "key": "khoá"}


def test_the_challenge_is_that_of_the_standards_own_example():
    """RFC 7636, appendix B."""
    assert challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_a_verifier_has_43_characters_and_never_comes_twice():
    made = {new_verifier() for _ in range(50)}
    assert len(made) == 50
    assert {len(each) for each in made} == {43}


def test_a_signature_covers_the_application_the_raw_bytes_the_time_and_the_key():
    right = hashlib.sha256(b"44173" + BODY + b"1730336131602" + "khoá".encode()).hexdigest()
    assert signature_of(BODY, **SIGNED) == f"mac={right}"
    assert is_signed(f"mac={right}".encode(), BODY, **SIGNED)
    assert is_signed(right.upper().encode(), BODY, **SIGNED)


@pytest.mark.parametrize(
    ("given", "body", "changed"),
    [
        pytest.param(b"", BODY, {}, id="none"),
        pytest.param(b"mac=", BODY, {}, id="empty"),
        pytest.param("mac=ệ".encode(), BODY, {}, id="not ASCII"),
        pytest.param(None, BODY + b" ", {}, id="one byte more"),
        pytest.param(None, BODY, {"timestamp": "1730336131603"}, id="another time"),
        pytest.param(None, BODY, {"key": "khác"}, id="another key"),
        pytest.param(None, BODY, {"app_id": "44174"}, id="another application"),
    ],
)
def test_anything_else_proves_nothing(given, body, changed):
    given = signature_of(BODY, **SIGNED).encode() if given is None else given
    assert not is_signed(given, body, **SIGNED | changed)


def test_what_is_sealed_is_opened_by_the_same_key_and_says_nothing():
    sealed = Vault("khoá-thứ-nhất-của-ta").seal("mã-rất-kín")
    assert "kín" not in sealed
    assert Vault("khoá-thứ-nhất-của-ta").open(sealed) == "mã-rất-kín"


@pytest.mark.parametrize(
    ("key", "changed"), [("khoá-thứ-hai-của-ta", ""), ("khoá-thứ-nhất-của-ta", "x")], ids=["another key", "changed"]
)
def test_what_was_sealed_with_another_key_or_changed_stays_shut(key, changed):
    sealed = Vault("khoá-thứ-nhất-của-ta").seal("mã-rất-kín")
    with pytest.raises(SealBrokenError) as raised:
        Vault(key).open(changed + sealed)
    assert (str(raised.value), raised.value.__cause__) == ("", None)
