"""Airflow's simple auth manager, but for one DAG that viewers may not see.

`python -m tests.support.auth_manager` prints a viewer's token, in Airflow's own environment.
"""

from typing import Any

from airflow.api_fastapi.app import init_auth_manager
from airflow.api_fastapi.auth.managers.simple.simple_auth_manager import SimpleAuthManager
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

from tests.support.kept_dag import KEPT


class KeepsOneDag(SimpleAuthManager):
    """Lets viewers see every DAG but KEPT."""

    def is_authorized_dag(self, *, user: Any, details: Any = None, **others: Any) -> bool:
        """Tell whether a user may do something to a DAG."""
        if user.role == "VIEWER" and details is not None and details.id == KEPT:
            return False
        return bool(super().is_authorized_dag(user=user, details=details, **others))


if __name__ == "__main__":
    viewer = SimpleAuthManagerUser(username="viewer", role="VIEWER")
    print(init_auth_manager().generate_jwt(viewer))
