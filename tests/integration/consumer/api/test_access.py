"""Tokens: who has none is kept out, who has one may do what its scopes say, until it is revoked."""

import json
from collections.abc import Iterator

import psycopg
import pytest
import requests

from consumer.api import access
from consumer.api.settings import ApiSettings
from consumer.cli.main import main
from openlineage_avro.config.settings import AvroKafkaConfig
from tests.integration.consumer.store.test_roles import drop_rights, grant_reader, role, url_as
from tests.support.http import Client, serving
from tests.support.storing import command, event, rows, wait_until
from tests.support.tcp_proxy import TcpProxy

EVENT = json.dumps(event(1)).encode()
__all__ = ["role"]  # a fixture


@pytest.fixture
def guarded(
    store_url: str, kafka_bootstrap_servers: str, topic: str, role: str
) -> Iterator[Client]:
    """Yield a client of an API that asks for tokens, and may read schema lineage alone."""
    grant_reader(store_url, role)
    kafka = AvroKafkaConfig(bootstrap_servers=kafka_bootstrap_servers, topic=topic)
    settings = ApiSettings(url_as(role, store_url), kafka, asks_for_tokens=True)
    with serving(settings) as client:
        yield client
    drop_rights(store_url, role)


def made(url: str, name: str, *scopes: str) -> dict[str, str]:
    """Return the header with a new token."""
    given = [part for scope in scopes for part in ("--scope", scope)]
    done = command("tokens", "create", "--name", name, *given, DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    return {"Authorization": f"Bearer {done.stdout.strip()}"}


def statuses(client: Client, headers: dict[str, str]) -> tuple[int, int, int]:
    """Return how a question, an event and a deletion are answered."""
    base = f"{client.base}/api/v1"
    return (
        requests.get(f"{base}/namespaces", headers=headers, timeout=30).status_code,
        requests.post(f"{base}/lineage", EVENT, headers=headers, timeout=30).status_code,
        requests.delete(f"{base}/namespaces/none", headers=headers, timeout=30).status_code,
    )


def test_each_scope_allows_what_it_says(guarded: Client, store_url: str) -> None:
    assert statuses(guarded, made(store_url, "reader", "read")) == (200, 403, 403)
    assert statuses(guarded, made(store_url, "spark", "write")) == (403, 201, 403)
    assert statuses(guarded, made(store_url, "both", "write", "read")) == (200, 201, 403)
    found, sent, deleted = statuses(guarded, made(store_url, "all", "admin"))
    assert (found, sent) == (200, 201)
    assert deleted not in (401, 403)


def test_who_has_no_token_is_told_so(guarded: Client) -> None:
    answer = guarded.get("/namespaces")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json() == {
        "code": 401,
        "message": "expected a token (Authorization: Bearer TOKEN), got none",
    }
    answer = guarded.post("/lineage", EVENT, Authorization="Bearer made up")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_a_missing_scope_is_named(guarded: Client, store_url: str) -> None:
    token = made(store_url, "reader", "read")
    answer = guarded.post("/lineage", EVENT, **token)
    assert answer.status_code == 403
    assert answer.json()["message"] == "POST: expected a token with scope write, got read"


def test_a_revoked_token_ends_within_seconds(guarded: Client, store_url: str) -> None:
    token = made(store_url, "reader", "read")
    assert statuses(guarded, token)[0] == 200
    assert command("tokens", "revoke", "reader", DATABASE_URL=store_url).returncode == 0
    wait_until(lambda: statuses(guarded, token)[0] == 401, access.KNOWN_SECONDS + 10)


def test_a_token_is_kept_as_its_hash_alone(store_url: str) -> None:
    token = made(store_url, "one", "read")["Authorization"].removeprefix("Bearer ")
    assert len(token) == 43  # 256 bits in base64
    [stored] = rows(store_url, "SELECT * FROM lineage_store.api_tokens")
    assert token.encode() not in bytes(stored[1])
    assert token not in str(stored)


def test_the_list_of_tokens_and_wrong_names(store_url: str) -> None:
    made(store_url, "b", "read", "write")
    made(store_url, "a", "admin")
    listed = command("tokens", "list", DATABASE_URL=store_url).stdout.splitlines()
    assert [line.split("\t")[:2] for line in listed] == [["a", "admin"], ["b", "read,write"]]
    again = command("tokens", "create", "--name", "a", "--scope", "read", DATABASE_URL=store_url)
    assert again.returncode == 1
    assert again.stderr.endswith(
        "openlineage-avro-consumer: --name a: expected a new name, there is a token called so\n"
    )
    gone = command("tokens", "revoke", "c", DATABASE_URL=store_url)
    assert (gone.returncode, gone.stderr) == (
        1,
        "openlineage-avro-consumer: there is no token c; `tokens list` shows all\n",
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "example.com"])
def test_listening_where_others_are_needs_a_word(
    host: str, capsys: pytest.CaptureFixture[str], store_url: str
) -> None:
    pg = ["--database-url", "postgresql://127.0.0.1/none"]
    assert main(["api", "--host", host, *pg]) == 1
    assert "expected --tokens" in capsys.readouterr().err


def test_health_asks_for_no_token(guarded: Client) -> None:
    assert requests.get(f"{guarded.base}/health", timeout=30).json() == {"status": "ok"}
    answer = requests.get(f"{guarded.base}/ready", timeout=30)
    assert (answer.status_code, answer.json()) == (200, {"postgresql": "ok", "kafka": "ok"})


def test_readiness_says_what_does_not_answer(
    store_url: str, kafka_proxy: TcpProxy, new_topic: str
) -> None:
    kafka = AvroKafkaConfig(bootstrap_servers=kafka_proxy.address, topic=new_topic)
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    with serving(ApiSettings(store_url, kafka)) as client:
        kafka_proxy.refuse()
        answer = requests.get(f"{client.base}/ready", timeout=30)
        assert answer.status_code == 503
        assert answer.json()["postgresql"] == "ok"
        assert answer.json()["kafka"].startswith("does not answer")
        kafka_proxy.restore()
        wait_until(lambda: requests.get(f"{client.base}/ready", timeout=30).ok)
    with serving(ApiSettings(nowhere)) as client:
        answer = requests.get(f"{client.base}/ready", timeout=30)
        assert answer.json() == {"postgresql": "cannot be reached", "kafka": "off"}
        assert client.get("/namespaces").status_code == 503


def test_readiness_says_that_the_database_is_newer(spare_url: str) -> None:
    with psycopg.connect(spare_url) as connection:
        connection.execute(
            "INSERT INTO lineage_store.migrations VALUES (9999, '9999_x.sql', gen_random_uuid())"
        )
    with serving(ApiSettings(spare_url)) as client:
        answer = requests.get(f"{client.base}/ready", timeout=30)
        assert answer.status_code == 503
        assert answer.json()["postgresql"].startswith("is newer than this program")


def test_pages_of_others_ask_only_if_they_are_named(api: Client, store_url: str) -> None:
    asking = {"Origin": "https://page.example", "Access-Control-Request-Method": "GET"}
    answer = requests.options(f"{api.base}/api/v1/namespaces", headers=asking, timeout=30)
    assert "Access-Control-Allow-Origin" not in answer.headers
    with serving(ApiSettings(store_url, origins=("https://page.example",))) as client:
        answer = requests.options(f"{client.base}/api/v1/namespaces", headers=asking, timeout=30)
        assert answer.headers["Access-Control-Allow-Origin"] == "https://page.example"
        answer = client.get("/namespaces")
        assert "Access-Control-Allow-Origin" not in answer.headers
