"""`python -m kzgraph` is `kzgraph`."""

import sys

from kzgraph.cli import main

sys.exit(main())
