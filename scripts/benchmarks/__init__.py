"""The ledger measured beside what it is built upon: ratios, each pair of figures from one run.

A ratio says something where an absolute figure says what else the machine was doing. So
everything that is compared runs in turns, in the order A B C, B C A, C A B …, after a turn
that does not count; the ratio is the median of the turns' own ratios, and beside it stand
the smallest and the largest. The order changes so that nobody always runs after the one
who leaves a full cache or a busy disk behind.

What is the same for all who are compared:

* the events: one type with twelve facts, in about 650 bytes of JSON, made before the clock
  starts, eight events to a stream;
* durability: SQLite with a write-ahead log and ``synchronous`` FULL, PostgreSQL with fsync,
  ``full_page_writes`` and ``synchronous_commit`` on, and a commit at the same places;
* the load: so many threads of one process, each of which waits for its commit.

What differs is what each of them stores. The eventsourcing library stores the JSON of the
facts. The ledger stores the facts with their seed, and the entry that commits to them; that
is about 1.2 kB. *Raw insertion* stores the very rows that the ledger stores, in a table with
the same columns and indexes, without computing anything: one INSERT a commit, from eight
rows on COPY in binary on PostgreSQL and ``executemany`` on SQLite. Its rows and their values
are made before the clock starts; writing them in the form of COPY is part of the work, and
the fastest encoder at hand does it. On SQLite all raw submitters share one connection, since
waiting for a lock of SQLite is far slower than waiting for one of Python.

Append is measured without head register and signature, checkpoints with both.
"""
