"""Where the portal listens."""

import subprocess

from program import Library


def test_a_second_server_at_the_same_port_says_that_it_is_taken_and_ends(portal, tmp_path):
    other = Library(tmp_path / "other").init()
    answer = subprocess.run(other.command("serve", "--port", str(portal.port)), env=other.environment(),
                            capture_output=True, text=True, timeout=60)
    assert answer.returncode != 0
    assert f"Port {portal.port} of 127.0.0.1 can't be used" in answer.stderr
    assert portal.anyone().get("/sign-in").code == 200


def test_a_port_is_free_again_as_soon_as_its_server_has_ended(portal):
    with_answer = portal.anyone()
    assert with_answer.get("/sign-in").code == 200
    portal.stop()
    portal.start()  # at the same port
    assert portal.anyone().get("/sign-in").code == 200
