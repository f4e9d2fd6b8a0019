"""Public data that is handed round beside the checkout and is no part of the project.

PUBLIC_DATA names another folder; one that is none hides the data, as ``.ci/run`` does.
"""

import os
from pathlib import Path

BESIDE = Path(__file__).parents[2] / "shared" / "data"
FOLDER = Path(os.environ.get("PUBLIC_DATA", BESIDE))
HISTORY = FOLDER / "openstack_ptl_2015_2019"
