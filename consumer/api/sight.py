"""What a user of Airflow may see: rows that name a job of another DAG are left out of answers."""

from dataclasses import dataclass

from consumer.query.reader import Row


@dataclass(frozen=True)
class Sight:
    """Sees the jobs of some DAGs of one Airflow, and all that is not of that Airflow."""

    namespace: str  # of the jobs that this Airflow sends
    dag_ids: frozenset[str]

    def sees(self, row: Row) -> bool:
        """Tell whether a row names no job that must not be seen.

        Rows name jobs by dag_id, by job_name, or as the name of what is of kind job or run; a
        namespace that a row lacks is taken for Airflow's.
        """
        named = [row[key] for key in ("dag_id", "job_name") if row.get(key) is not None]
        namespace = row.get("job_namespace")
        if row.get("kind") in ("job", "run") and "namespace" in row:
            named.append(row["name"])
            namespace = row["namespace"]
        if namespace not in (None, self.namespace):
            return True
        return all(map(self._sees_job, named))

    def _sees_job(self, name: str) -> bool:
        """Tell whether a job is a DAG that may be seen, or a task of one: `dag_id.task_id`."""
        parts = name.split(".")
        return any(".".join(parts[:end]) in self.dag_ids for end in range(1, len(parts) + 1))
