"""The portal as systemd runs it: told when it serves and when it stops, by units that hold up to systemd's own judgement
and whose lines do what they say. systemd itself does not run here; the lines of the units are run by hand."""

import configparser
import os
import shlex
import socket
import subprocess
from pathlib import Path

import pytest
from portal import Portal
from program import BINARY

MADE = Path(BINARY).resolve().parent / "service"
EXPOSED_MOST = 25  # tenths, of systemd's ten; a service without any guard has 9.6


@pytest.fixture(scope="module")
def units(tmp_path_factory):
    """The units with the program where the build left it instead of where it is installed."""
    folder = tmp_path_factory.mktemp("units")
    installed = section(MADE / "chancery.service")["ExecStart"].split(" ")[0]
    for path in MADE.glob("chancery*"):
        (folder / path.name).write_text(path.read_text().replace(installed, str(Path(BINARY).resolve())))
    return folder


def section(path):
    unit = configparser.RawConfigParser(strict=False, delimiters="=")
    unit.optionxform = str
    unit.read_string(path.read_text())
    return unit["Service"]


def run(line, **environment):
    """A line of a unit as systemd reads it: %% is %, ${NAME} is what the environment says."""
    words = shlex.split(line.replace("%%", "%"))
    for name, value in environment.items():
        words = [word.replace("${" + name + "}", value) for word in words]
    return subprocess.run(words, env={**os.environ, "LC_ALL": "C.UTF-8", **environment}, capture_output=True, text=True,
                          timeout=60)


def test_systemd_is_told_when_the_portal_serves_and_when_it_stops(library, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(str(tmp_path / "told"))
        told.settimeout(60)
        portal = Portal(library, NOTIFY_SOCKET=str(tmp_path / "told")).start()
        assert told.recv(1000) == b"READY=1"
        portal.anyone().get("/sign-in")
        portal.stop()
        assert told.recv(1000) == b"STOPPING=1"


def test_a_portal_that_can_not_serve_does_not_say_that_it_does(library, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(str(tmp_path / "told"))
        told.setblocking(False)
        command = library.command("serve", "--port", "0", "--certificate", "/nowhere.pem", "--key", "/nowhere.key")
        refused = subprocess.run(command, env={**library.environment(), "NOTIFY_SOCKET": str(tmp_path / "told")},
                                 capture_output=True, text=True, timeout=60)
        assert refused.returncode == 1 and "/nowhere.pem" in refused.stderr
        with pytest.raises(BlockingIOError):
            told.recv(1000)


def test_a_folder_is_served_once_at_a_time_also_after_a_server_was_killed(library):
    """Two would tell everything twice."""
    first = Portal(library).start()
    refused = library.run("serve", "--port", "0", code=1)
    assert "served already" in refused.err and str(library.data) in refused.err
    assert "已有门户" in library.run("serve", "--port", "0", code=1, locale="zh_CN.UTF-8").err
    library.run("settings", "set", "credit", "Commands go on.")
    first.process.kill()
    first.process.wait()
    Portal(library).start().stop()


def test_the_units_are_sound_and_leave_the_portal_little(units):
    ours = [str(path) for path in sorted(units.iterdir())]
    assert len(ours) == 3
    sound = subprocess.run(["systemd-analyze", "verify", "--man=no", *ours], capture_output=True, text=True)
    assert (sound.returncode, [line for line in sound.stderr.splitlines() if "chancery" in line]) == (0, [])
    for path in ours:
        if path.endswith(".service"):
            judged = subprocess.run(["systemd-analyze", "security", "--offline=yes", f"--threshold={EXPOSED_MOST}", path],
                                    capture_output=True, text=True)
            assert judged.returncode == 0, judged.stdout[-3000:] + judged.stderr


def test_the_first_start_makes_the_data_folder_and_later_ones_leave_it(units, tmp_path):
    line = section(units / "chancery.service")["ExecStartPre"]
    data = tmp_path / "state"
    data.mkdir(mode=0o700)
    assert run(line, CHANCERY_DATA=str(data)).returncode == 0
    key = (data / "secret.key").read_bytes()
    assert run(line, CHANCERY_DATA=str(data)).returncode == 0
    assert (data / "secret.key").read_bytes() == key


def test_a_backup_is_made_and_those_too_old_go_once_it_is_whole(units, library, tmp_path):
    unit = section(units / "chancery-backup.service")
    backups = tmp_path / "backups"
    backups.mkdir()
    old, newer = backups / "chancery-20250101-020000.backup", backups / "chancery-20260101-020000.backup"
    for path, days in ((old, 40), (newer, 20)):
        path.touch()
        day = path.stat().st_mtime - days * 86400
        os.utime(path, (day, day))
    places = {"CHANCERY_DATA": str(library.data), "CHANCERY_BACKUPS": str(backups), "CHANCERY_KEEP_DAYS": "30"}
    made = run(unit["ExecStart"], **places)
    assert made.returncode == 0, made.stderr
    assert run(unit["ExecStartPost"], **places).returncode == 0
    left = sorted(backups.iterdir())
    assert len(left) == 2 and left[0] == newer
    restored = tmp_path / "restored"
    again = subprocess.run([BINARY, "restore", left[1], "--data", restored], capture_output=True, text=True)
    assert again.returncode == 0 and (restored / "secret.key").read_bytes() == (library.data / "secret.key").read_bytes()
