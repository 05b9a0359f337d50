"""Which cases of storage, process, time, insiders, witnesses and clients must have a test."""

REQUIRED = (
    *(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20),
    *(21, 22, 23),
    *(25, 26, 27, 28, 29, 30, 31, 33, 35, 36, 37),
    *(16, 24, 38, 39, 40, 41, 42, 44, 45, 46, 49, 50, 52),
)
"""Numbers of the cases; each test names its own in the marker `case(number, title)`."""
