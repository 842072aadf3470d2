"""`manage.py serve` looks before it starts."""

from __future__ import annotations

import os
import socket
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from tests.serving import free_port


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would have taken the place of this process."""
    commands: list[list[str]] = []

    def execv(path: Any, arguments: list[str]) -> None:
        commands.append(arguments)

    monkeypatch.setattr(os, "execv", execv)
    return commands


def test_it_refuses_a_port_that_another_server_shares_with_whoever_asks(settings: Settings, started: list[list[str]]) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as granian does
        other.bind(("127.0.0.1", 0))
        other.listen()
        settings.PORT = other.getsockname()[1]
        for options in ([], ["--look"]):
            with pytest.raises(CommandError, match=rf"^Port {settings.PORT} cannot be used: another program answers there.*PORT=8001"):
                call_command("serve", *options)
    assert started == []


def test_it_starts_where_the_port_is_free_and_connections_have_only_just_ended(
    settings: Settings, started: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    settings.PORT, settings.WORKERS = free_port(), 3
    with socket.create_server(("127.0.0.1", settings.PORT)) as before, socket.create_connection(("127.0.0.1", settings.PORT)) as client:
        before.accept()[0].close()  # the server's side ends first: it keeps the port for a minute
        assert client.recv(1) == b""
    call_command("serve", "--look")
    assert started == []
    call_command("serve")
    [command] = started
    assert command[1:4] == ["-m", "mbc_site.supervisor", "3"] and str(settings.PORT) in command
    assert "--no-access-log" in command
