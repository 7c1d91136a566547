-- A chat on node-pg-migrate: what its builder sends, several files in a release, later cleaned up in a hurry.
--> file 1609459200000_init.js
CREATE TABLE "rooms" ( "id" serial PRIMARY KEY, "name" varchar(100) NOT NULL UNIQUE, "topic" text );
CREATE TABLE "members" ( "id" serial PRIMARY KEY, "handle" varchar(50) NOT NULL, "room_id" integer REFERENCES "rooms" ON DELETE CASCADE );
CREATE TABLE "messages" ( "id" bigserial PRIMARY KEY, "room_id" integer NOT NULL REFERENCES "rooms", "member_id" integer NOT NULL REFERENCES "members", "body" text NOT NULL, "sent_at" timestamp DEFAULT current_timestamp NOT NULL );
CREATE INDEX "messages_room_id_index" ON "messages" ("room_id");
--> rows
INSERT INTO rooms (name) SELECT 'r' || n FROM generate_series(1, 20) n;
INSERT INTO members (handle, room_id) SELECT 'm' || n, 1 + n % 20 FROM generate_series(1, 300) n;
INSERT INTO messages (room_id, member_id, body) SELECT 1 + n % 20, 1 + n % 300, 'hello' FROM generate_series(1, 900) n;
--> file 1612137600000_edited.js
ALTER TABLE "messages" ADD "edited_at" timestamp;
ALTER TABLE "messages" ADD "reply_to" bigint;
--> file 1612137700000_reply-fk.js
ALTER TABLE "messages" ADD CONSTRAINT "messages_reply_to_fkey" FOREIGN KEY ("reply_to") REFERENCES "messages" ON DELETE SET NULL;
CREATE INDEX "messages_reply_to_index" ON "messages" ("reply_to");
--> rows
SELECT 1;
--> file 1614556800000_attachments.js
CREATE TABLE "attachments" ( "id" uuid PRIMARY KEY DEFAULT gen_random_uuid(), "message_id" bigint NOT NULL REFERENCES "messages" ON DELETE CASCADE, "url" text NOT NULL, "bytes" bigint );
CREATE INDEX "attachments_message_id_index" ON "attachments" ("message_id");
ALTER TABLE "attachments" ADD CONSTRAINT "attachments_bytes_check" CHECK (bytes >= 0);
--> file 1614556900000_reactions.js
CREATE TYPE "reaction_kind" AS ENUM ('like', 'laugh');
CREATE TABLE "reactions" ( "message_id" bigint NOT NULL, "member_id" integer NOT NULL, "kind" reaction_kind NOT NULL, PRIMARY KEY ("message_id", "member_id", "kind") );
ALTER TABLE "reactions" ADD CONSTRAINT "reactions_message_fkey" FOREIGN KEY ("message_id") REFERENCES "messages" ON DELETE CASCADE;
--> rows
INSERT INTO attachments (message_id, url) SELECT n, 'u' FROM generate_series(1, 300) n;
INSERT INTO reactions SELECT n, 1, 'like' FROM generate_series(1, 500) n;
--> file 1619827200000_reaction-kinds.js, no transaction
ALTER TYPE "reaction_kind" ADD VALUE 'sad';
ALTER TYPE "reaction_kind" ADD VALUE 'angry';
--> file 1622505600000_body-search.js
ALTER TABLE "messages" ADD "search" tsvector;
CREATE INDEX "messages_search_index" ON "messages" USING gin ("search");
--> rows
SELECT 1;
--> file 1625097600000_search-trigger.js
CREATE FUNCTION "messages_search"() RETURNS trigger AS $pga$ BEGIN NEW.search := to_tsvector('simple', NEW.body); RETURN NEW; END $pga$ LANGUAGE plpgsql;
CREATE TRIGGER "messages_search_trigger" BEFORE INSERT OR UPDATE ON "messages" FOR EACH ROW EXECUTE PROCEDURE "messages_search"();
--> file 1625097700000_search-fill.js
UPDATE messages SET search = to_tsvector('simple', body);
--> rows
SELECT 1;
--> file 1627776000000_member-handle.js
ALTER TABLE "members" ALTER "handle" SET DATA TYPE varchar(80);
ALTER TABLE "members" ADD CONSTRAINT "members_room_id_handle_key" UNIQUE ("room_id", "handle");
--> file 1630454400000_url-length.js
ALTER TABLE "attachments" ALTER "url" SET DATA TYPE varchar(2000);
--> file 1633046400000_room-archive.js
ALTER TABLE "rooms" ADD "archived" boolean DEFAULT false NOT NULL;
ALTER TABLE "rooms" ALTER "topic" SET DATA TYPE varchar(200);
UPDATE rooms SET topic = '' WHERE topic IS NULL;
ALTER TABLE "rooms" ALTER "topic" SET NOT NULL;
--> rows
SELECT 1;
--> file 1635724800000_sent-at-index.js, no transaction
CREATE INDEX CONCURRENTLY "messages_sent_at_index" ON "messages" ("sent_at");
--> file 1638316800000_drop-reply-index.js
DROP INDEX "messages_reply_to_index";
ALTER TABLE "messages" DROP CONSTRAINT "messages_reply_to_fkey";
--> file 1640995200000_read-state.js
CREATE TABLE "read_state" ( "member_id" integer PRIMARY KEY REFERENCES "members" ON DELETE CASCADE, "last_message_id" bigint, "at" timestamptz NOT NULL DEFAULT now() );
INSERT INTO read_state (member_id) SELECT id FROM members;
--> rows
SELECT 1;
--> file 1643673600000_cleanup.js
DROP TABLE "reactions";
DROP TYPE "reaction_kind";
--> file 1646092800000_messages-timestamptz.js
ALTER TABLE "messages" ALTER "sent_at" SET DATA TYPE timestamptz USING sent_at AT TIME ZONE 'UTC';
--> file 1648771200000_lock.js
LOCK TABLE "members" IN SHARE MODE;
ALTER TABLE "members" ADD "last_seen" timestamptz DEFAULT now();
