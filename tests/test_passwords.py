"""Passwords are kept as argon2id hashes, and a log-in name has one spelling."""

from __future__ import annotations

from argon2 import PasswordHasher

from core.passwords import hash_password, login_name, needs_rehash, verify_password


def test_a_password_is_known_again_and_not_kept() -> None:
    kept = hash_password("correct horse")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert "horse" not in kept
    assert verify_password(kept, "correct horse")
    assert not verify_password(kept, "wrong horse")


def test_the_same_password_typed_on_another_keyboard_is_the_same() -> None:
    assert verify_password(hash_password("caf\u00e9"), "cafe\u0301")


def test_nobody_has_no_password_that_fits() -> None:
    assert not verify_password(None, "nobody")
    assert not verify_password("not a hash", "anything")


def test_a_weak_hash_asks_to_be_made_anew() -> None:
    assert needs_rehash(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x"))
    assert not needs_rehash(hash_password("x"))
    assert needs_rehash("not a hash")


def test_look_alikes_are_one_log_in_name() -> None:
    assert login_name(" Sara@Example.COM ") == login_name("ｓａｒａ@example.com") == "sara@example.com"
