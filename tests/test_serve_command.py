import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from stance.cli import main

pytest.importorskip("fastapi", reason="the extra `web` is not installed")


def start(*options):
    command = [sys.executable, "-m", "stance", "serve", "--port", "0", *options]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)


def test_it_says_where_it_is_answers_there_and_ends_on_ctrl_c_in_one_line():
    server = start()
    try:
        url = server.stderr.readline().split()[0]
        assert url.startswith("http://127.0.0.1:")
        asked = urllib.request.Request(
            f"{url}api/v1/predict", b'{"text": "They want talks."}', {"content-type": "application/json"}
        )
        with urllib.request.urlopen(asked, timeout=30) as answer:
            assert json.load(answer)["statements"][0]["text"] == "They want talks."
        os.killpg(server.pid, signal.SIGINT)  # as a terminal does: the workers get it as well
        assert server.wait(20) == 0
        assert server.stderr.read() == "stopped\n"
    finally:
        server.kill()


def test_whoever_lets_others_in_is_warned():
    server = start("--host", "0.0.0.0")
    try:
        assert server.stderr.readline().startswith("http://0.0.0.0:")
        assert server.stderr.readline().startswith("warning: whoever reaches this machine")
    finally:
        server.terminate()
        server.wait(20)


def run(monkeypatch, capsys, *options):
    monkeypatch.setattr(sys, "argv", ["stance", "serve", *options])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code, capsys.readouterr().err


def test_a_port_that_is_taken_is_one_clear_line(monkeypatch, capsys):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, said = run(monkeypatch, capsys, "--port", str(port))
    assert code == 1
    assert said.startswith(f"error: 127.0.0.1:{port}: cannot listen here (Address already in use). Name another")
    assert said.count("\n") == 1


def test_an_address_that_is_not_ours_and_a_model_that_is_not_there_are_one_clear_line(monkeypatch, capsys):
    for options in (("--host", "192.0.2.1"), ("--host", "no.such.host.invalid"), ("--model", "no-such-run")):
        code, said = run(monkeypatch, capsys, "--port", "0", *options)
        assert code == 1
        assert said.startswith("error: ")
        assert said.count("\n") == 1


@pytest.mark.parametrize("missing", ["fastapi", "uvicorn", "python_multipart"])
def test_without_the_extra_it_says_how_to_install_it(monkeypatch, capsys, missing):
    for name in [each for each in sys.modules if each.startswith(("stance.web", "stance.api"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    code, said = run(monkeypatch, capsys)
    assert code == 1
    assert said.endswith('Install the extra: pip install "stance[web]"\n')
    assert said.count("\n") == 1
