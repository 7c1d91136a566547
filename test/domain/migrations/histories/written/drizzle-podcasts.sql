-- Podcasts on drizzle: DO blocks around foreign keys as older versions wrote them.
--> file 0000_init.sql
DO $$ BEGIN
 CREATE TYPE "episode_state" AS ENUM('draft', 'live');
EXCEPTION
 WHEN duplicate_object THEN null;
END $$;
CREATE TABLE IF NOT EXISTS "shows" (
	"id" serial PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"language" varchar(5) DEFAULT 'en' NOT NULL
);
CREATE TABLE IF NOT EXISTS "episodes" (
	"id" serial PRIMARY KEY NOT NULL,
	"show_id" integer NOT NULL,
	"title" text NOT NULL,
	"state" "episode_state" DEFAULT 'draft' NOT NULL,
	"published_at" timestamp
);
DO $$ BEGIN
 ALTER TABLE "episodes" ADD CONSTRAINT "episodes_show_id_shows_id_fk" FOREIGN KEY ("show_id") REFERENCES "shows"("id") ON DELETE no action ON UPDATE no action;
EXCEPTION
 WHEN duplicate_object THEN null;
END $$;
--> rows
INSERT INTO shows (title) SELECT 's' || n FROM generate_series(1, 120) n;
INSERT INTO episodes (show_id, title) SELECT 1 + n % 120, 'e' || n FROM generate_series(1, 600) n;
--> file 0001_listens.sql
CREATE TABLE IF NOT EXISTS "listens" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"episode_id" integer NOT NULL,
	"listener" uuid DEFAULT gen_random_uuid() NOT NULL,
	"seconds" integer DEFAULT 0 NOT NULL
);
ALTER TABLE "episodes" ADD COLUMN "duration" integer;
DO $$ BEGIN
 ALTER TABLE "listens" ADD CONSTRAINT "listens_episode_id_episodes_id_fk" FOREIGN KEY ("episode_id") REFERENCES "episodes"("id") ON DELETE cascade ON UPDATE no action;
EXCEPTION
 WHEN duplicate_object THEN null;
END $$;
--> rows
INSERT INTO listens (episode_id) SELECT 1 + n % 600 FROM generate_series(1, 900) n;
--> file 0002_listens_index.sql
CREATE INDEX IF NOT EXISTS "listens_episode_idx" ON "listens" ("episode_id");
--> file 0003_slugs.sql
ALTER TABLE "shows" ADD COLUMN "slug" text;
UPDATE "shows" SET "slug" = 'show-' || id;
ALTER TABLE "shows" ALTER COLUMN "slug" SET NOT NULL;
ALTER TABLE "shows" ADD CONSTRAINT "shows_slug_unique" UNIQUE("slug");
--> rows
SELECT 1;
--> file 0004_hosts.sql
CREATE TABLE IF NOT EXISTS "hosts" ("id" serial PRIMARY KEY NOT NULL, "name" text NOT NULL, "show_id" integer);
ALTER TABLE "hosts" ADD CONSTRAINT "hosts_show_id_fk" FOREIGN KEY ("show_id") REFERENCES "public"."shows"("id") ON DELETE set null ON UPDATE no action;
--> file 0005_language_text.sql
ALTER TABLE "shows" ALTER COLUMN "language" SET DATA TYPE text;
--> rows
INSERT INTO hosts (name, show_id) SELECT 'h' || n, n FROM generate_series(1, 10) n;
--> file 0006_seconds_bigint.sql
ALTER TABLE "listens" ALTER COLUMN "seconds" SET DATA TYPE bigint;
--> file 0007_host_bio.sql
ALTER TABLE "hosts" ADD COLUMN "bio" text DEFAULT '' NOT NULL;
CREATE UNIQUE INDEX "hosts_name_idx" ON "hosts" USING btree ("name");
ALTER TABLE "hosts" ALTER COLUMN "show_id" SET NOT NULL;
--> rows
SELECT 1;
--> file 0008_drop_duration.sql
ALTER TABLE "episodes" DROP COLUMN IF EXISTS "duration";
--> file 0009_state.sql
ALTER TYPE "public"."episode_state" ADD VALUE 'archived';
--> file 0010_show_view.sql
CREATE VIEW "public"."live_shows" AS (select "id", "title" from "shows" where "language" = 'en');
--> rows
SELECT 1;
--> file 0011_chapters.sql
CREATE TABLE "chapters" ("id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "chapters_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1), "episode_id" integer NOT NULL, "at" integer NOT NULL, CONSTRAINT "chapters_at" CHECK ("at" >= 0));
ALTER TABLE "chapters" ADD CONSTRAINT "chapters_episode_id_fk" FOREIGN KEY ("episode_id") REFERENCES "public"."episodes"("id") ON DELETE cascade ON UPDATE no action;
CREATE INDEX "chapters_episode_idx" ON "chapters" USING btree ("episode_id","at");
--> file 0012_listener_unique.sql
CREATE UNIQUE INDEX "listens_listener_idx" ON "listens" USING btree ("listener","episode_id");
DROP VIEW "public"."live_shows";
--> file 0013_rename_title.sql
ALTER TABLE "episodes" RENAME COLUMN "title" TO "name";
