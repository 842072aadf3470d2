"""Codes, and what they open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.plans.sealing import ALPHABET, CannotOpenError, WrongCodeError, keys, new_code, new_data_key, read_code, seal, spell, unseal

CODE = "0123456789ABCDEFGHJKW"
"""A fixed code; its last letter is the check letter."""

CODES = st.builds(new_code)


# Codes


def test_a_code_is_twenty_one_letters_that_cannot_be_confused() -> None:
    codes = [new_code() for _ in range(200)]
    assert {len(code) for code in codes} == {21}
    assert set("".join(codes)) == set(ALPHABET)
    assert not set("ILOU") & set(ALPHABET) and len(set(ALPHABET)) == 32


def test_codes_differ() -> None:
    assert len({new_code() for _ in range(500)}) == 500


def test_a_code_is_spelled_in_groups_of_four() -> None:
    assert spell(CODE) == "0123-4567-89AB-CDEF-GHJK-W"


@given(CODES)
def test_a_code_is_read_back_from_its_spelling(code: str) -> None:
    assert read_code(spell(code)) == code


@pytest.mark.parametrize(
    "typed",
    [
        CODE.lower(),
        "o123-4567-89ab-cdef-ghjk-w",
        "OI23-4567-89AB-CDEF-GHJK-W",
        "0l23 4567 89ab cdef ghjk w",
        " 0123–4567–89AB–CDEF–GHJK–W ",
        "0123456789abcdefghjk\tw",
        "0123-4567-89AB-CDEF-GHJK-W\n",
        "\u00a00123-4567-89AB-CDEF-GHJK-W",
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert read_code(typed) == CODE


def test_a_u_is_read_as_the_v_that_it_was() -> None:
    code = next(code for code in iter(new_code, "") if "V" in code)
    assert read_code(code.replace("V", "U")) == code


@pytest.mark.parametrize(
    "typed",
    ["", " ", "-", CODE[:-1], CODE + "9", CODE[1:], CODE.replace("B", "ß"), CODE.replace("B", "*"), CODE.replace("1", "١"), "x" * 10_000],
)
def test_what_is_no_code_is_refused(typed: str) -> None:
    with pytest.raises(WrongCodeError):
        read_code(typed)


def test_every_single_wrong_letter_is_noticed() -> None:
    for place, right in enumerate(CODE):
        for letter in set(ALPHABET) - {right}:
            with pytest.raises(WrongCodeError):
                read_code(CODE[:place] + letter + CODE[place + 1 :])


def test_every_swap_of_two_neighbours_but_first_and_last_of_the_alphabet_is_noticed() -> None:
    for place in range(len(CODE) - 1):
        one, other = CODE[place], CODE[place + 1]
        assert one != other and {one, other} != {"0", "Z"}
        with pytest.raises(WrongCodeError):
            read_code(CODE[:place] + other + one + CODE[place + 2 :])


# Keys


def test_the_keys_of_a_code_never_change() -> None:
    found = keys(CODE)
    assert found.address == "d378a0eb127992feac2311efb18c42a3ce3685a89eeb980a5f2bb5d816ff04b4"
    assert found.wrapping.hex() == "a31851f71edbf89776bbcec000353ef45f9a7d830aafefcc73c70d2d92d2c338"


@given(CODES)
def test_the_address_tells_nothing_of_the_code_or_the_key(code: str) -> None:
    found = keys(code)
    assert len(found.address) == 64 and int(found.address, 16) >= 0
    assert len(found.wrapping) == 32
    assert not any(code[start : start + 8].lower() in found.address for start in range(14))
    assert found.wrapping.hex() != found.address


def test_other_codes_have_other_keys() -> None:
    found = [keys(new_code()) for _ in range(100)]
    assert len({one.address for one in found}) == len({one.wrapping for one in found}) == 100


# Sealing


@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_is_sealed_opens_with_its_key_at_its_place(clear: bytes, place: str) -> None:
    key = new_data_key()
    assert unseal(key, seal(key, clear, place), place) == clear


def test_sealing_twice_looks_different_and_hides_the_text() -> None:
    key = new_data_key()
    one, other = seal(key, b"a row of beans", "plan"), seal(key, b"a row of beans", "plan")
    assert one != other
    assert b"beans" not in one


def test_another_key_does_not_open() -> None:
    sealed = seal(new_data_key(), b"beans", "plan")
    with pytest.raises(CannotOpenError):
        unseal(new_data_key(), sealed, "plan")


@pytest.mark.parametrize("place", ["", "plan 2", "Plan 1", "plan 1 "])
def test_another_place_does_not_open(place: str) -> None:
    key = new_data_key()
    sealed = seal(key, b"beans", "plan 1")
    with pytest.raises(CannotOpenError):
        unseal(key, sealed, place)


def test_no_changed_byte_goes_unnoticed() -> None:
    key = new_data_key()
    sealed = seal(key, b"beans", "plan")
    for place in range(len(sealed)):
        broken = bytearray(sealed)
        broken[place] ^= 1
        with pytest.raises(CannotOpenError):
            unseal(key, bytes(broken), "plan")


def test_no_shorter_or_longer_bytes_open() -> None:
    key = new_data_key()
    sealed = seal(key, b"beans", "plan")
    for broken in [*(sealed[:size] for size in range(len(sealed))), sealed + b"\0"]:
        with pytest.raises(CannotOpenError):
            unseal(key, broken, "plan")


def test_a_key_of_the_wrong_length_does_not_open() -> None:
    with pytest.raises(CannotOpenError):
        unseal(b"short", seal(new_data_key(), b"beans", "plan"), "plan")
