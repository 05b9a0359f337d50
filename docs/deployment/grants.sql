-- After `ledger init` and after each `ledger migrate`, by the owner:
--   psql -U ledger_owner -d ledger -f grants.sql
--
-- Running it again gives the same rights.

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, ledger_service, ledger_audit;
GRANT USAGE ON SCHEMA public TO ledger_service, ledger_audit;

-- Rows are added and never changed; the head alone moves. UPDATE also gives the lock of the
-- head that orders the writers. A head that the service did not seal is refused by it.
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO ledger_service;
REVOKE INSERT ON heads, log_version FROM ledger_service;
GRANT UPDATE ON heads TO ledger_service;
-- Asked for by a statement that finds a planted subtree; a trigger refuses each real change.
GRANT UPDATE (hash) ON subtrees TO ledger_service;

-- Who signs in: the log vouches for these rows, which change and go.
GRANT UPDATE, DELETE ON sign_in_names, credentials, sessions, throttles TO ledger_service;

GRANT SELECT ON ALL TABLES IN SCHEMA public TO ledger_audit;
-- Names, stored passwords and sessions are no auditor's: the log says what happened to them.
REVOKE SELECT ON sign_in_names, credentials, sessions, throttles FROM ledger_audit;
