"""Lets the service be started with `python -m consumer`."""

import sys

from consumer.cli.main import main

sys.exit(main())
