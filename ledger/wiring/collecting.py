"""The collector of garbage, in processes that live long."""

import gc

GARBAGE = 20_000
"""So many more objects than there were are looked through first."""


def spare_the_collector() -> None:
    """Let what lives as long as the process not be looked through for garbage again and again.

    Routes and forms are hundreds of thousands of objects; a receipt is some thousands that
    are gone by themselves.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 50)
