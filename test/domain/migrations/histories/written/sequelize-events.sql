-- Tickets for events on Sequelize, migrations that run outside transactions unless somebody thinks of one.
--> file 20200101-create.js, no transaction
CREATE TABLE IF NOT EXISTS "Venues" ("id" SERIAL, "name" VARCHAR(255) NOT NULL, "city" VARCHAR(255), "createdAt" TIMESTAMP WITH TIME ZONE NOT NULL, "updatedAt" TIMESTAMP WITH TIME ZONE NOT NULL, PRIMARY KEY ("id"));
CREATE TABLE IF NOT EXISTS "Events" ("id" SERIAL, "venueId" INTEGER REFERENCES "Venues" ("id") ON DELETE SET NULL ON UPDATE CASCADE, "title" VARCHAR(255), "startsAt" TIMESTAMP WITH TIME ZONE, "createdAt" TIMESTAMP WITH TIME ZONE NOT NULL, "updatedAt" TIMESTAMP WITH TIME ZONE NOT NULL, PRIMARY KEY ("id"));
CREATE TABLE IF NOT EXISTS "Tickets" ("id" SERIAL, "eventId" INTEGER NOT NULL, "seat" VARCHAR(10), "price" DECIMAL(10,2) DEFAULT 0, "createdAt" TIMESTAMP WITH TIME ZONE NOT NULL, "updatedAt" TIMESTAMP WITH TIME ZONE NOT NULL, PRIMARY KEY ("id"));
--> rows
INSERT INTO "Venues" (name, "createdAt", "updatedAt") SELECT 'v' || n, now(), now() FROM generate_series(1, 25) n;
INSERT INTO "Events" ("venueId", title, "startsAt", "createdAt", "updatedAt") SELECT 1 + n % 25, 'e' || n, now(), now(), now() FROM generate_series(1, 200) n;
INSERT INTO "Tickets" ("eventId", seat, "createdAt", "updatedAt") SELECT 1 + n % 200, 's' || n, now(), now() FROM generate_series(1, 900) n;
--> file 20200201-ticket-event.js, no transaction
ALTER TABLE "Tickets" ADD CONSTRAINT "Tickets_eventId_Events_fk" FOREIGN KEY ("eventId") REFERENCES "Events" ("id") ON DELETE CASCADE;
CREATE INDEX "tickets_event_id" ON "Tickets" ("eventId");
--> file 20200301-status.js, no transaction
CREATE TYPE "public"."enum_Events_status" AS ENUM('planned', 'on_sale', 'over');
ALTER TABLE "public"."Events" ADD COLUMN "status" "public"."enum_Events_status" DEFAULT 'planned';
--> rows
SELECT 1;
--> file 20200401-status-required.js, no transaction
ALTER TABLE "Events" ALTER COLUMN "status" SET NOT NULL;
ALTER TABLE "Events" ALTER COLUMN "status" SET DEFAULT 'planned';
ALTER TYPE "enum_Events_status" ADD VALUE 'cancelled';
--> file 20200501-buyers.js, no transaction
CREATE TABLE "Buyers" ("id" UUID NOT NULL DEFAULT gen_random_uuid(), "email" VARCHAR(255) NOT NULL UNIQUE, PRIMARY KEY ("id"));
ALTER TABLE "Tickets" ADD COLUMN "buyerId" UUID;
ALTER TABLE "Tickets" ADD CONSTRAINT "tickets_buyer_fk" FOREIGN KEY ("buyerId") REFERENCES "Buyers" ("id") NOT VALID;
ALTER TABLE "Tickets" VALIDATE CONSTRAINT "tickets_buyer_fk";
--> rows
INSERT INTO "Buyers" (email) SELECT n || '@example.com' FROM generate_series(1, 400) n;
UPDATE "Tickets" SET "buyerId" = (SELECT id FROM "Buyers" LIMIT 1) WHERE id <= 500;
--> file 20200601-buyer-name.js, no transaction
ALTER TABLE "Buyers" ADD COLUMN "name" VARCHAR(255) NOT NULL DEFAULT '';
ALTER TABLE "Buyers" ALTER COLUMN "name" DROP DEFAULT;
--> file 20200701-seat-unique.js, no transaction
CREATE UNIQUE INDEX CONCURRENTLY "tickets_event_seat" ON "Tickets" ("eventId", "seat");
--> rows
SELECT 1;
--> file 20200801-price-cents.js
ALTER TABLE "Tickets" ADD COLUMN "priceCents" INTEGER;
UPDATE "Tickets" SET "priceCents" = ("price" * 100)::int;
ALTER TABLE "Tickets" DROP COLUMN "price";
--> file 20200901-venue-city.js
UPDATE "Venues" SET "city" = 'unknown' WHERE "city" IS NULL;
ALTER TABLE "Venues" ALTER COLUMN "city" SET NOT NULL;
--> rows
SELECT 1;
--> file 20201001-clean.js
DELETE FROM "Tickets" WHERE "buyerId" IS NULL;
--> file 20201101-scans.js
CREATE TABLE "Scans" ("id" BIGSERIAL PRIMARY KEY, "ticketId" INTEGER NOT NULL REFERENCES "Tickets" ("id"), "at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "gate" VARCHAR(20));
CREATE INDEX "scans_ticket" ON "Scans" ("ticketId");
ALTER TABLE "Scans" ADD CONSTRAINT "scan_gate" CHECK ("gate" <> '');
--> rows
INSERT INTO "Scans" ("ticketId", gate) SELECT id, 'A' FROM "Tickets";
--> file 20201201-scan-gate.js
ALTER TABLE "Scans" ALTER COLUMN "gate" SET DEFAULT 'A';
ALTER TABLE "Scans" ALTER COLUMN "gate" TYPE VARCHAR(40);
ALTER TABLE "Scans" RENAME CONSTRAINT "scan_gate" TO "scans_gate_check";
--> file 20210101-venue-rename.js
ALTER TABLE "Venues" RENAME TO "Places";
--> file 20210201-drop-unused.js
DROP INDEX "tickets_event_id";
ALTER TABLE "Events" ADD COLUMN "places" JSONB NOT NULL DEFAULT '[]';
CREATE INDEX "events_places" ON "Events" USING gin ("places");
