"""The web application inside Airflow's API server: it shows what the user may see there.

It reads the store through an Airflow connection, of type postgres, whose user is a member of
lineage_reader: `openlineage_avro`, or what `[openlineage_avro] lineage_conn_id` names.
"""

from typing import TYPE_CHECKING

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.core_api.security import GetUserDep
from airflow.configuration import conf
from airflow.exceptions import AirflowNotFoundException
from airflow.models.connection import Connection
from airflow.providers.openlineage.conf import namespace
from fastapi import Depends, FastAPI, Request
from fastapi.concurrency import run_in_threadpool

from consumer.api.errors import ApiError
from consumer.api.sight import Sight
from consumer.api.web_app import create_web_app
from consumer.dsn import checked_dsn
from consumer.errors import ConsumerError
from consumer.query.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Set

SECTION = "openlineage_avro"
CONNECTIONS, STATEMENT_SECONDS = 4, 30.0  # to PostgreSQL, of one API server


def application() -> FastAPI:
    """Return the application; it asks for the connection when somebody looks at a page."""
    return create_web_app([Depends(_look)])


async def _look(request: Request, user: GetUserDep) -> None:
    """Let the user see the DAGs that Airflow lets them see; connect with the first request."""
    # A user without any DAG is told so rather than shown an empty store.
    dag_ids: Set[str] = await run_in_threadpool(
        get_auth_manager().get_authorized_dag_ids, user=user
    )
    if not dag_ids:
        raise ApiError(403, "Airflow lets you see no DAG, so there is no lineage to show")
    request.state.sight = Sight(namespace(), frozenset(dag_ids))
    if request.app.state.reader is None:
        request.app.state.reader = await run_in_threadpool(_reader)


def _reader() -> Reader:
    conn_id = conf.get(SECTION, "lineage_conn_id", fallback=SECTION)
    try:
        found = Connection.get_connection_from_secrets(conn_id)
    except AirflowNotFoundException:
        raise ApiError(
            503,
            f"Lineage is not set up: add a connection `{conn_id}` of type postgres in Admin,"
            " Connections, with a user that is a member of the role lineage_reader",
        ) from None
    try:
        reader = Reader(checked_dsn(found.get_uri()), CONNECTIONS, STATEMENT_SECONDS)
    except ConsumerError as exc:
        raise ApiError(503, f"Lineage's connection `{conn_id}` cannot be used: {exc}") from exc
    reader.open()
    return reader
