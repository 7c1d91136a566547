CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
    "MigrationId" character varying(150) NOT NULL,
    "ProductVersion" character varying(32) NOT NULL,
    CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY ("MigrationId")
);

START TRANSACTION;
CREATE TABLE accounts (
    id bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL
);

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20260101000000_Accounts', '9.0.0');

ALTER TABLE accounts ADD email text;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20260102000000_Email', '9.0.0');

COMMIT;

CREATE INDEX CONCURRENTLY accounts_email ON accounts (email);

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20260103000000_EmailIndex', '9.0.0');
