"""What can go wrong while services are installed and run: one exception, one line, one fix."""


class DemoError(Exception):
    """A failure that its user can mend; the text names what failed, the fix and the log file."""
