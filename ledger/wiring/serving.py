"""The service's application, as each worker process makes it."""

from fastapi import FastAPI

from ledger.api.app import make_app
from ledger.settings import Settings
from ledger.store.instance import join_instance
from ledger.wiring.parts import open_ledger


def create_app() -> FastAPI:
    """Return the service's application, for uvicorn to call in each worker."""
    wiring = open_ledger(Settings())
    app = make_app(
        wiring.files,
        division=wiring.origin.rsplit("/", 1)[-1],
        check=lambda: wiring.publisher.check().size,
    )
    app.state.worker = join_instance(wiring.paths.data_dir)
    return app
