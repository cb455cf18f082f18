"""Lets `python -m consumer` stand for `openlineage-avro-consumer`, where it is not installed."""

import sys

from consumer.cli.main import main

sys.exit(main())
