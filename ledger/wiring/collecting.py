"""The collector of garbage: what stays is not looked through again and again."""

import gc

GARBAGE = 20_000
"""So many more objects than there were are looked through first."""


def spare_the_collector() -> None:
    """Let what lives as long as the process not be looked through for garbage again and again.

    Routes and forms are hundreds of thousands of objects, modules nearly as many; a receipt
    is some thousands that are gone by themselves.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 50)
