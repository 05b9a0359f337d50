-- After `ledger init` and after each `ledger migrate`, by the owner, where the vault is a
-- database of PostgreSQL:
--   psql -U ledger_owner -d ledger_vault -f vault-grants.sql

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, ledger_service;
GRANT USAGE ON SCHEMA public TO ledger_service;

-- UPDATE closes a person's key and overwrites it when she is erased; the row stays.
GRANT SELECT, INSERT, UPDATE ON data_keys TO ledger_service;
GRANT SELECT ON vault_version TO ledger_service;

-- So that the service can vacuum what it has overwritten (PostgreSQL 17 and later; before
-- that only the owner can: let a timer run VACUUM data_keys as ledger_owner).
GRANT MAINTAIN ON data_keys TO ledger_service;
