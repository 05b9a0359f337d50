"""A process of its own that changes SQLite files with Python's own `sqlite3`.

Two copies of SQLite in one process undo each other's locks; the service's is another one
than Python's. Each request is a pickled (file, [(statement, values)]), each answer an error's
text or None.
"""

import pickle
import sqlite3
import sys


def main() -> None:
    while True:
        try:
            file, statements = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        connection = sqlite3.connect(file)
        try:
            for statement, values in statements:
                connection.execute(statement, values)
            connection.commit()
            answer = None
        except sqlite3.Error as error:
            answer = str(error)
        finally:
            connection.close()
        pickle.dump(answer, sys.stdout.buffer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
