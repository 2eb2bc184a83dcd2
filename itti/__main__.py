"""``python -m itti`` is the command line."""

import sys

from itti.cli import main

sys.exit(main())
