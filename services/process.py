"""A service as a child process: started in its own group, watched, and always stopped."""

import contextlib
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

from services.errors import DemoError

STOP_SECONDS = 15


class Service:
    """One running process and its log; use as a context manager, or call `stop`.

    A process that a killed run left behind is found through its pid file and stopped first.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        folder: Path,
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        """Start `command` with `environment` added to ours; logs go to `folder/<name>.log`."""
        self.name = name
        self.log = folder / f"{name}.log"
        self._pid_file = folder / f"{name}.pid"
        self._stop_signal = stop_signal
        self._asked = False
        folder.mkdir(parents=True, exist_ok=True)
        self._stop_leftover()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(part) for part in command],
                env={**os.environ, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Its own group, so that Ctrl-C reaches us alone and we stop things in order.
                start_new_session=True,
                user=user,
                group=pwd.getpwnam(user).pw_gid if user else None,
                extra_groups=[] if user else None,
            )
        self._note_pid()

    def __enter__(self) -> "Service":
        """Return the running service."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the service."""
        self.stop()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def died(self) -> bool:
        """Tell whether the process has ended by itself."""
        return self._process.poll() is not None

    def check(self) -> None:
        """Raise DemoError when the process has ended."""
        if self.died():
            raise DemoError(
                f"{self.name} ended with status {self._process.returncode}: {self.last_words()}"
                f" (log: {self.log})"
            )

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Poll `ready` until it is true; a process that dies meanwhile raises at once."""
        end = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > end:
                raise DemoError(
                    f"{self.name} was not ready after {seconds:.0f} s: {self.last_words()}"
                    f" (log: {self.log})"
                )
            time.sleep(0.05)

    def wait(self, seconds: float) -> int:
        """Wait for the process to end by itself and return its exit status."""
        return self._process.wait(seconds)

    def last_words(self) -> str:
        """Return the last line of the log that says something."""
        lines = [line.strip() for line in self.log.read_text(errors="replace").splitlines()]
        return next((line for line in reversed(lines) if line), "nothing in its log")

    def kill(self) -> None:
        """End the process and its children at once, as a crash would."""
        self._signal_group(signal.SIGKILL)
        self._process.wait()

    def ask_to_stop(self) -> None:
        """Ask the process to end, once, and do not wait for it."""
        if not self._asked and not self.died():
            self._process.send_signal(self._stop_signal)
        self._asked = True

    def stop(self) -> None:
        """Ask the process to end, then insist; children that outlive it are ended too."""
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_SECONDS)
        self._signal_group(signal.SIGKILL)
        self._process.wait()
        self._pid_file.unlink(missing_ok=True)

    def _signal_group(self, which: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, which)

    def _note_pid(self) -> None:
        with contextlib.suppress(psutil.NoSuchProcess):
            started = psutil.Process(self._process.pid).create_time()
            self._pid_file.write_text(f"{self._process.pid} {started}")

    def _stop_leftover(self) -> None:
        if not self._pid_file.exists():
            return
        pid, started = self._pid_file.read_text().split()
        with contextlib.suppress(psutil.NoSuchProcess, psutil.TimeoutExpired):
            leftover = psutil.Process(int(pid))
            if leftover.create_time() != float(started):
                return  # the number has been given to another process since
            family = [leftover, *leftover.children(recursive=True)]
            leftover.terminate()
            leftover.wait(STOP_SECONDS)
            for child in family[1:]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    child.kill()


def run(
    command: Sequence[str | Path],
    log: Path,
    failure: str,
    user: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run `command` to its end, its output to `log`; raise DemoError(`failure`) if it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        done = subprocess.run(
            [str(part) for part in command],
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            user=user,
            group=pwd.getpwnam(user).pw_gid if user else None,
            extra_groups=[] if user else None,
        )
    if done.returncode:
        raise DemoError(f"{failure} (status {done.returncode}, log: {log})")
