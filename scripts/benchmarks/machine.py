"""The machine that was measured on: what the figures depend upon and the ratios less so."""

import os
import platform
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import psycopg
import psycopg2
import sqlalchemy as sa

from benchmarks.databases import Database
from ledger.store.engine import sqlite_module

FSYNCS = 200
PAGE = 4_096


def described(databases: Iterable[Database]) -> str:
    """Return a list in Markdown."""
    load = " ".join(f"{value:.2f}" for value in os.getloadavg())
    folder = tempfile.gettempdir()
    facts = {
        "processor": f"{_processor()}, {len(os.sched_getaffinity(0))} cores",
        "memory": f"{_memory_gib():.1f} GiB",
        "kernel": f"{platform.system()} {platform.release()}",
        "Python": f"{platform.python_version()} ({platform.python_implementation()})",
        "drivers": f"psycopg2 {psycopg2.__version__.split()[0]}, psycopg {psycopg.__version__}",
        "data": f"{_file_system(folder)}; fsync of a page written at the end of a file: "
        f"{_fsync_ms(Path(folder)):.2f} ms (median of {FSYNCS})",
        "load before": load,
    }
    for database in databases:
        facts[database.name] = _version(database)
    return "\n".join(f"* {name}: {value}" for name, value in facts.items()) + "\n"


def _processor() -> str:
    found = re.search(r"^model name\s*: (.+)$", _read("/proc/cpuinfo"), re.MULTILINE)
    return found[1] if found else platform.machine()


def _memory_gib() -> float:
    found = re.search(r"^MemTotal:\s*(\d+) kB$", _read("/proc/meminfo"), re.MULTILINE)
    return int(found[1]) / 1024**2 if found else 0.0


def _file_system(folder: str) -> str:
    asked = ["df", "--output=fstype", folder]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - of ours
    return done.stdout.splitlines()[-1] if done.returncode == 0 else "unknown"


def _fsync_ms(folder: Path) -> float:
    times = []
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        for _ in range(FSYNCS):
            file.write(bytes(PAGE))
            began = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - began)
    return statistics.median(times) * 1e3


def _version(database: Database) -> str:
    if database.cluster is None:
        return f"{sqlite_module().sqlite_version} (write-ahead log, synchronous FULL)"
    with database.cluster.database() as url:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            names = ("server_version", "fsync", "synchronous_commit", "shared_buffers")
            said = [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in names]
    settings = ", ".join(f"{n} {v}" for n, v in zip(names[1:], said[1:], strict=True))
    return f"{said[0]} ({settings})"


def _read(name: str) -> str:
    try:
        return Path(name).read_text("utf-8")
    except OSError:
        return ""
