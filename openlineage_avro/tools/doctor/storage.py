"""Checks the schema registry and the folder where events wait."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from openlineage_avro.codec import schemas
from openlineage_avro.config.settings import spool_directory
from openlineage_avro.delivery.spool import FILE, statuses
from openlineage_avro.errors import RegistryRefused, RegistryUnavailable
from openlineage_avro.schema_registry import RegisteredSchema
from openlineage_avro.tools.doctor.result import fail, ok, warn

if TYPE_CHECKING:
    from openlineage_avro.tools.doctor.patient import Patient
    from openlineage_avro.tools.doctor.result import Finding

ANSWER_SECONDS = 8.0
LEAST_BYTES = 65_536  # an empty spool has half of it
MOUNTS = Path("/proc/self/mounts")
# On these, SQLite's write-ahead log cannot be shared between processes, or locks do not hold.
REMOTE = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "lustre", "glusterfs"}
REMOTE |= {"fuse.sshfs", "fuse.s3fs", "fuse.gcsfuse", "fuse.glusterfs", "fuse.ceph", "virtiofs"}


def registry(patient: Patient) -> Finding:
    """Ask for our schema's id, as the first event will; it is registered if it was not."""
    registered = RegisteredSchema.of(patient.config)
    if registered is None:
        return ok("none is set; messages have Avro's single-object encoding")
    url, subject = patient.config.schema_registry_url, f"{patient.config.topic}-value"
    fingerprint = schemas.fingerprint_of(schemas.newest())
    try:
        number = registered.id(fingerprint, time.monotonic() + ANSWER_SECONDS)
    except RegistryUnavailable as exc:
        return fail(str(exc), "is it up, schema_registry_url right, the way there open?")
    except RegistryRefused as exc:
        return fail(
            str(exc), "correct schema_registry_username and _password, or register it by hand"
        )
    return ok(f"{url}: the schema has id {number} under {subject}")


def spool(patient: Patient) -> Finding:
    """Look whether events can be kept on disk, and which wait there."""
    folder = spool_directory(patient.config)
    if folder is None:
        return warn("off: events are lost while Kafka is away", "set spool_dir to a folder")
    # The folder is left to the transport to make: it must belong to the user that sends.
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not there.is_dir():
        return fail(f"{folder}: {there} is no folder", "set spool_dir to a folder")
    try:
        tempfile.TemporaryFile(dir=there).close()
    except OSError as exc:
        return fail(
            f"{folder}: user {os.geteuid()} cannot write to {there}: {exc.strerror}",
            "give it to the user that runs Airflow's tasks, or set spool_dir",
        )
    if (kind := _file_system(there)) in REMOTE:
        return fail(f"{folder} is on {kind}", "set spool_dir to a folder on a local disk")
    return _room(patient, folder, there)


def _room(patient: Patient, folder: Path, there: Path) -> Finding:
    free, wanted = shutil.disk_usage(there).free, patient.config.spool_max_bytes
    if wanted < LEAST_BYTES:
        return fail(
            f"spool_max_bytes is {wanted:,}, and an empty spool takes {LEAST_BYTES // 2:,}",
            f"set it to {LEAST_BYTES:,} at least, or leave it out",
        )
    if free < wanted:
        return warn(
            f"{folder}: {free:,} bytes are free, spool_max_bytes is {wanted:,}",
            "make room, or lower spool_max_bytes",
        )
    owner = there.stat().st_uid
    if owner != os.geteuid():
        return warn(
            f"{folder}: {there} belongs to user {owner}, this is user {os.geteuid()}",
            "run this as the user that runs Airflow's tasks",
        )
    return _waiting(folder) or ok(f"{folder}: nothing waits, {free:,} bytes are free")


def _waiting(folder: Path) -> Finding | None:
    if not os.access(folder / FILE, os.F_OK):
        return None
    found = [each for each in statuses(folder) if each.waiting or each.refused]
    if not found:
        return None
    waiting, refused = (
        sum(getattr(each, what) for each in found) for what in ("waiting", "refused")
    )
    oldest = min(each.oldest for each in found if each.oldest is not None)
    hours = (time.time() - oldest) / 3600
    return warn(
        f"{folder}: {waiting} events wait, {refused} were refused, the oldest for {hours:.1f} h",
        "openlineage-avro spool status says why, openlineage-avro drain sends them",
    )


def _file_system(folder: Path) -> str:
    """Return the type of the file system that a folder is on, empty if it is not known."""
    if not MOUNTS.exists():
        return ""
    best, kind = Path("/"), ""
    for line in MOUNTS.read_text().splitlines():
        _device, place, found, *_ = line.split()
        mounted = Path(place.replace("\\040", " "))
        if folder.resolve().is_relative_to(mounted) and mounted.is_relative_to(best):
            best, kind = mounted, found
    return kind
