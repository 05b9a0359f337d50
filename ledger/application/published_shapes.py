"""Every published shape: the log's own and the domain's, as auditors are given them."""

from ledger.domain.catalogue import EVENTS, fact_names
from ledger.proof.facts import STANDARD_FACTS
from ledger.proof.shapes import LOG_SHAPES, Shape, Shapes

DOMAIN_SHAPES = Shapes(
    Shape(event_type, number, tuple(sorted((*STANDARD_FACTS, *fact_names(kind)))))
    for (event_type, number), kind in EVENTS.items()
)
"""The shapes of what may be recorded."""

SHAPES = LOG_SHAPES | DOMAIN_SHAPES
