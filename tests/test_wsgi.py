import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_gunicorn_takes_the_application_of_wsgi_py(environment):
    check = [sys.executable, "-m", "gunicorn", "--check-config", "wsgi:app"]
    done = subprocess.run(
        check, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
