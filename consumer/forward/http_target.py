"""Posts events to an OpenLineage HTTP endpoint, one after the other, until each is taken.

| answer                               | what is done                                          |
|--------------------------------------|-------------------------------------------------------|
| 2xx                                  | the next                                              |
| none, 408, 425, 429, 502, 503, 504   | tried again, as long as it takes                      |
| another 5xx                          | tried again a few times, then kept as refused         |
| 3xx, 401, 403, 404, 405              | an error: URL or headers are wrong for every event    |
| another 4xx                          | kept as refused                                       |
"""

import email.utils
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

from consumer.errors import SettingsError, TargetProblem
from consumer.forward.pause import Pause, Rate
from consumer.forward.refused import Refused

PATH = "/api/v1/lineage"  # of OpenLineage's own HTTP transport
AWAY = (408, 425, 429, 502, 503, 504)
WRONG = (401, 403, 404, 405)
TRIES = 8
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds
LONGEST_ASKED_PAUSE = 300.0
CONNECT_SECONDS, ANSWER_SECONDS = 10, 60
ANSWER_CHARACTERS = 2000

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What the endpoint said of an event: its status, or why there was no answer."""

    status: int
    text: str
    retry_after: float | None = None

    def is_away(self) -> bool:
        """Tell whether the endpoint could not look at the event."""
        return self.status == 0 or self.status in AWAY

    def is_wrong(self) -> bool:
        """Tell whether it would say the same of every event."""
        return 300 <= self.status < 400 or self.status in WRONG


class HttpTarget:
    """An endpoint that takes events in their order."""

    def __init__(
        self, url: str, headers: Mapping[str, str], refused: Refused, pause: Pause, rate: Rate
    ) -> None:
        """Take a URL that `endpoint` gave; nothing is connected before the first event."""
        self._url = url
        self._refused = refused
        self._pause = pause
        self._rate = rate
        self._is_told = False
        self._session = requests.Session()
        self._session.headers.update({"Content-Type": "application/json", **headers})

    def take(self, texts: Sequence[str], places: Sequence[Mapping[str, object]] = ()) -> None:
        """Post events, JSON text each, until each is taken or kept as refused.

        `places` say where they come from, for those that are refused. Raises Stopped, and
        TargetProblem where the endpoint lets nobody in.
        """
        for number, text in enumerate(texts):
            self._rate.wait()
            answer = self._posted(text)
            if answer is not None:
                place = places[number] if places else {}
                self._refused.keep(text, answer.status, answer.text, place)

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def _posted(self, text: str) -> Answer | None:
        """Return None when an event was taken, else the answer that refused it."""
        pause, tries = FIRST_PAUSE, 0
        while True:
            answer = self._post(text.encode())
            if answer is None:
                self._tell_again()
                return None
            if answer.is_wrong():
                raise TargetProblem(
                    f"{self._url} answers {answer.status} {answer.text[:200]!r}: correct --to, or"
                    " the headers in FORWARD_HEADERS"
                )
            tries += not answer.is_away()
            if not answer.is_away() and (answer.status < 500 or tries >= TRIES):
                return answer
            self._tell(answer)
            asked = min(answer.retry_after or 0.0, LONGEST_ASKED_PAUSE)
            self._pause.wait(max(pause, asked))
            pause = min(2 * pause, LONGEST_PAUSE)

    def _post(self, content: bytes) -> Answer | None:
        try:
            answer = self._session.post(
                self._url,
                data=content,
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                allow_redirects=False,
            )
        except requests.RequestException as exc:
            return Answer(0, f"{type(exc).__name__}: {exc}")
        if 200 <= answer.status_code < 300:
            return None
        wait = _seconds(answer.headers.get("Retry-After"))
        return Answer(answer.status_code, answer.text[:ANSWER_CHARACTERS], wait)

    def _tell(self, answer: Answer) -> None:
        """Say once that events have to wait."""
        if not self._is_told:
            self._is_told = True
            log.warning("%s: %s %s; trying again", self._url, answer.status or "", answer.text)

    def _tell_again(self) -> None:
        if self._is_told:
            self._is_told = False
            log.info("%s takes events again", self._url)


def endpoint(url: str) -> str:
    """Return the URL that events are posted to: without a path it is OpenLineage's own.

    Raises SettingsError for what is no URL, or has a login in it.
    """
    try:
        parts = urlsplit(url)
        is_url = parts.scheme in ("http", "https") and bool(parts.hostname)
        is_url = is_url and (parts.port is None or parts.port > 0)
    except ValueError:
        is_url = False
    if not is_url:
        raise SettingsError(
            f"expected the URL of an endpoint, http(s)://HOST[:PORT][/PATH], got {url!r}"
        )
    if parts.username is not None:
        raise SettingsError(
            "expected a URL without login, since other users of the machine can read options: set"
            " FORWARD_HEADERS, for example to 'Authorization: Bearer TOKEN'"
        )
    return parts._replace(path=PATH).geturl() if parts.path in ("", "/") else url


def read_headers(text: str | None) -> dict[str, str]:
    """Return headers that are given as lines `Name: value`; raise SettingsError."""
    headers = {}
    for line in (text or "").splitlines():
        name, colon, value = line.partition(":")
        if not line.strip():
            continue
        if not colon or not name.strip():
            # What is wrong may be a secret.
            raise SettingsError("FORWARD_HEADERS: expected lines like 'Name: value', got another")
        headers[name.strip()] = value.strip()
    return headers


def _seconds(retry_after: str | None) -> float | None:
    """Return how long an answer asks to wait: it is told in seconds or as a date."""
    if retry_after is None:
        return None
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        return email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time()
    except ValueError:
        return None
