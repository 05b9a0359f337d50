"""The only place that knows every concrete class: settings in, a working ledger out."""
