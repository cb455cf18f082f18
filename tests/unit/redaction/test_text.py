"""Secrets inside text: in URLs, in settings written out, behind escapes."""

import json
from typing import Any

import pytest

from openlineage_avro.redaction.event import redacted
from tests.support.masking import SECRET, config, event, masked_message


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("postgresql://me:pa%2Fss@host:5432/db", "postgresql://me:***@host:5432/db"),
        ("x redis://:p@ss@host y", "x redis://:***@host y"),
        ("kafka://a:9092,b:9092/t@x ssh://git@host", None),
        (
            "jdbc:x://h/db?user=me&password=p&ssl=true",
            "jdbc:x://h/db?user=me&password=***&ssl=true",
        ),
        ("jdbc:sqlserver://h:1;password=p;a=b", "jdbc:sqlserver://h:1;password=***;a=b"),
        ('{"db": {"password": "p"}, "n": 1}', '{"db": {"password": "***"}, "n": 1}'),
        ("{'db': {'password': 'p'}, 'when': None}", "{'db': {'password': '***'}, 'when': None}"),
        ("[('token', 1), {'token': 'p'}]", "[('token', 1), {'token': '***'}]"),
        (
            "{'a': <object at 0x7>, 'password': 'p', 'b': 1}",
            "{'a': <object at 0x7>, 'password': '***', 'b': 1}",
        ),
        ('call(db_password="p\\"q", b=1)', 'call(db_password="***", b=1)'),
        ('"{\\"password\\": \\"p\\", \\"b\\": 1}"', '"{\\"password\\": \\"***\\", \\"b\\": 1}"'),
        ("Op(env={'api_key': 123456})", "Op(env={'api_key': '***'})"),
        (
            "could not log in: user=me password=p host=h",
            "could not log in: user=me password=*** host=h",
        ),
        (
            "ran with params={'tokens': ['p'], 'password': {'value': 'q)'}} for {'n': 1}",
            "ran with params={'tokens': '***', 'password': '***'} for {'n': 1}",
        ),
        ("x {'password': ('p',), 'n': (1,)}", "x {'password': '***', 'n': (1,)}"),
        ("call(tokens=['p', 'q'], n=[1])", "call(tokens='***', n=[1])"),
        ("cut off: {'password': ['p", "cut off: {'password': '***'"),
        (
            'env: [{"name": "PASSWORD", "value": "p"}, {"name": "N", "value": "1"}]',
            'env: [{"name": "PASSWORD", "value": "***"}, {"name": "N", "value": "1"}]',
        ),
        (
            "submit --conf spark.ssl.keyStorePassword=p -Dx.trustStorePassword=q --n=1",
            "submit --conf spark.ssl.keyStorePassword=*** -Dx.trustStorePassword=*** --n=1",
        ),
        ("host=db password=p,q(r)&s'tu port=1", "host=db password=*** port=1"),
        ("connect(password=f'p', b=1)", "connect(password=f'***', b=1)"),
        ("at postgresql:\\/\\/me:p@h\\/d", "at postgresql:\\/\\/me:***@h\\/d"),
        ('{"url": "x:\\/\\/me:p@h"}', '{"url": "x://me:***@h"}'),
        ("the password is wrong, the token: none", None),
        ("{not a dict} [1, 2] (see token)", None),
    ],
)
def test_secrets_written_into_text_are_masked(text: str, kept: str | None) -> None:
    assert masked_message(text) == (text if kept is None else kept)


def test_code_keeps_what_only_looks_like_a_setting() -> None:
    sql = "SELECT * FROM t WHERE t.token=s.token AND password = (SELECT 1)"
    code = "password=os.environ['DB_PASSWORD']\nlogin({'password': 'p'})"
    job = {"sql": {"query": sql}, "sourceCode": {"sourceCode": code}}
    facets = redacted(event(job=job), config())["job"]["facets"]
    assert facets["sql"]["query"] == sql
    assert facets["sourceCode"]["sourceCode"] == code.replace("'p'", "'***'")


@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize("write", [json.dumps, repr, lambda value: json.dumps(json.dumps(value))])
def test_a_registered_value_written_with_escapes_is_masked(write: Any) -> None:
    for text in (write({"plain": SECRET}), f"Op({write([SECRET])}, at 0x7)"):
        done = masked_message(text)
        assert "***" in done
        assert SECRET not in done
        assert "S3cr/e" not in done


def test_text_nested_too_deep_to_be_read_is_masked_all_the_same() -> None:
    for depth in (400, 100_000):
        text = "[" * depth + '{"password": "hidden"}' + "]" * depth
        assert masked_message(text) == text.replace("hidden", "***")
