"""The command line: `python -m consumer`."""
