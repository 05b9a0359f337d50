-- Once a cluster, before `ledger init`, by a superuser:  psql -f roles.sql
--
-- Three roles, none of which can do another's part. Passwords or certificates are given
-- elsewhere (pg_hba.conf: scram-sha-256 or cert); nothing secret stands in this file.

-- Owns the tables. `ledger init` and `ledger migrate` connect as it; the service never does.
CREATE ROLE ledger_owner LOGIN;

-- The running service: adds rows and moves the head, nothing else.
CREATE ROLE ledger_service LOGIN;

-- The audit administrator: reads, and holds none of the service's keys.
CREATE ROLE ledger_audit LOGIN;
ALTER ROLE ledger_audit SET default_transaction_read_only = on;

CREATE DATABASE ledger OWNER ledger_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C';
REVOKE ALL ON DATABASE ledger FROM PUBLIC;
GRANT CONNECT ON DATABASE ledger TO ledger_service, ledger_audit;

-- The vault of data keys, if it is not a SQLite file of the data folder (LEDGER_VAULT_URL).
-- A cluster of its own is better: backups of the log are kept for years, those of the vault
-- for days, and a destroyed key is gone when the last of them is.
CREATE DATABASE ledger_vault OWNER ledger_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C';
REVOKE ALL ON DATABASE ledger_vault FROM PUBLIC;
GRANT CONNECT ON DATABASE ledger_vault TO ledger_service;

-- The views (LEDGER_PROJECTIONS_URL): made from the log and made again from it at any time,
-- so the service owns them. Lists are searched in here, so nobody else may look.
CREATE DATABASE ledger_views OWNER ledger_service TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C';
REVOKE ALL ON DATABASE ledger_views FROM PUBLIC;
