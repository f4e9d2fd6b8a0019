"""The server's worker: started wherever the server was."""

import subprocess

from relmap.web.serving import worker_command


def test_a_folder_of_that_name_does_not_stand_in_for_relmap(tmp_path):
    (tmp_path / "relmap").mkdir()  # as in the folder above a checkout

    asked = [*worker_command(1), "--help"]
    done = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
