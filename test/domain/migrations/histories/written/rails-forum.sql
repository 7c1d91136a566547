-- A forum on Rails: what its migrations send, with disable_ddl_transaction! where indexes are built.
--> file 20190201101010_create_forum.sql
CREATE TABLE "users" ("id" bigserial primary key, "email" character varying DEFAULT '' NOT NULL, "encrypted_password" character varying DEFAULT '' NOT NULL, "created_at" timestamp(6) NOT NULL, "updated_at" timestamp(6) NOT NULL);
CREATE UNIQUE INDEX "index_users_on_email" ON "users" ("email");
CREATE TABLE "topics" ("id" bigserial primary key, "title" character varying NOT NULL, "user_id" bigint NOT NULL, "created_at" timestamp(6) NOT NULL, "updated_at" timestamp(6) NOT NULL, CONSTRAINT "fk_rails_topics_users" FOREIGN KEY ("user_id") REFERENCES "users" ("id"));
CREATE INDEX "index_topics_on_user_id" ON "topics" ("user_id");
CREATE TABLE "posts" ("id" bigserial primary key, "topic_id" integer NOT NULL, "user_id" bigint, "body" text, "created_at" timestamp(6) NOT NULL, "updated_at" timestamp(6) NOT NULL);
CREATE INDEX "index_posts_on_topic_id" ON "posts" ("topic_id");
--> rows
INSERT INTO users (email, created_at, updated_at) SELECT n || '@example.com', now(), now() FROM generate_series(1, 300) n;
INSERT INTO topics (title, user_id, created_at, updated_at) SELECT 't' || n, n, now(), now() FROM generate_series(1, 300) n;
INSERT INTO posts (topic_id, user_id, body, created_at, updated_at) SELECT 1 + n % 300, 1 + n % 300, 'body', now(), now() FROM generate_series(1, 900) n;
--> file 20190310101010_add_counter_to_topics.sql
ALTER TABLE "topics" ADD "posts_count" integer DEFAULT 0 NOT NULL;
UPDATE topics SET posts_count = (SELECT count(*) FROM posts WHERE posts.topic_id = topics.id);
--> rows
SELECT 1;
--> file 20190605101010_add_posts_foreign_key.sql
ALTER TABLE "posts" ADD CONSTRAINT "fk_rails_posts_users" FOREIGN KEY ("user_id") REFERENCES "users" ("id");
--> file 20190701101010_index_posts_on_user.sql, no transaction
CREATE INDEX CONCURRENTLY "index_posts_on_user_id" ON "posts" ("user_id");
--> rows
SELECT 1;
--> file 20200110101010_topic_id_to_bigint.sql
ALTER TABLE "posts" ALTER COLUMN "topic_id" TYPE bigint;
--> file 20200215101010_create_likes.sql
CREATE TABLE "likes" ("id" bigserial primary key, "post_id" bigint NOT NULL, "user_id" bigint NOT NULL, "created_at" timestamp(6) NOT NULL, CONSTRAINT "fk_likes_posts" FOREIGN KEY ("post_id") REFERENCES "posts" ("id"), CONSTRAINT "fk_likes_users" FOREIGN KEY ("user_id") REFERENCES "users" ("id"));
CREATE UNIQUE INDEX "index_likes_on_post_id_and_user_id" ON "likes" ("post_id", "user_id");
--> rows
INSERT INTO likes (post_id, user_id, created_at) SELECT n, 1 + n % 300, now() FROM generate_series(1, 600) n;
--> file 20200301101010_add_fk_topics_not_validated.sql
ALTER TABLE "posts" ADD CONSTRAINT "fk_rails_posts_topics" FOREIGN KEY ("topic_id") REFERENCES "topics" ("id") NOT VALID;
--> file 20200301101011_validate_fk_topics.sql
ALTER TABLE "posts" VALIDATE CONSTRAINT "fk_rails_posts_topics";
--> rows
SELECT 1;
--> file 20200505101010_body_null_check.sql
ALTER TABLE "posts" ADD CONSTRAINT "posts_body_null" CHECK ("body" IS NOT NULL) NOT VALID;
--> file 20200505101011_body_not_null.sql
ALTER TABLE "posts" VALIDATE CONSTRAINT "posts_body_null";
ALTER TABLE "posts" ALTER COLUMN "body" SET NOT NULL;
ALTER TABLE "posts" DROP CONSTRAINT "posts_body_null";
--> rows
SELECT 1;
--> file 20201010101010_enable_trgm.sql
CREATE EXTENSION IF NOT EXISTS "pg_trgm";
--> file 20201010101011_search_titles.sql, no transaction
CREATE INDEX CONCURRENTLY "index_topics_on_title_trgm" ON "topics" USING gin (title gin_trgm_ops);
--> file 20210101101010_users_nickname.sql
ALTER TABLE "users" ADD "nickname" character varying;
CREATE UNIQUE INDEX "index_users_on_nickname" ON "users" ("nickname");
--> rows
UPDATE users SET nickname = 'nick' || id;
--> file 20210301101010_drop_encrypted_password.sql
ALTER TABLE "users" DROP COLUMN "encrypted_password";
--> file 20210401101010_rename_likes.sql
ALTER TABLE "likes" RENAME TO "reactions";
ALTER INDEX "index_likes_on_post_id_and_user_id" RENAME TO "index_reactions_on_post_id_and_user_id";
ALTER SEQUENCE "likes_id_seq" RENAME TO "reactions_id_seq";
--> rows
SELECT 1;
--> file 20211001101010_moderation.sql
CREATE TABLE "moderation_notes" ("id" bigserial primary key, "subject_type" character varying NOT NULL, "subject_id" bigint NOT NULL, "note" text, "created_at" timestamp(6) NOT NULL);
CREATE INDEX "index_moderation_notes_on_subject" ON "moderation_notes" ("subject_type", "subject_id");
ALTER TABLE "users" ADD "admin" boolean DEFAULT FALSE NOT NULL;
ALTER TABLE "topics" ADD "locked_at" timestamp(6);
--> file 20211101101010_remove_old_index.sql, no transaction
DROP INDEX CONCURRENTLY "index_topics_on_user_id";
--> file 20220101101010_nickname_default.sql
ALTER TABLE "users" ALTER COLUMN "nickname" SET DEFAULT '';
ALTER TABLE "users" ALTER COLUMN "nickname" DROP DEFAULT;
