-- Online courses on knex and Objection: what its schema builder sends.
--> file 20200505120000_initial.js
create table "students" ("id" serial primary key, "email" varchar(255) not null, "first_name" varchar(255), "last_name" varchar(255), "created_at" timestamptz default CURRENT_TIMESTAMP, "updated_at" timestamptz default CURRENT_TIMESTAMP);
alter table "students" add constraint "students_email_unique" unique ("email");
create table "courses" ("id" serial primary key, "slug" varchar(255) not null, "title" varchar(255) not null, "level" text check ("level" in ('beginner', 'advanced')));
alter table "courses" add constraint "courses_slug_unique" unique ("slug");
create table "enrolments" ("id" serial primary key, "student_id" integer not null, "course_id" integer not null, "progress" real default '0');
alter table "enrolments" add constraint "enrolments_student_id_foreign" foreign key ("student_id") references "students" ("id") on delete CASCADE;
alter table "enrolments" add constraint "enrolments_course_id_foreign" foreign key ("course_id") references "courses" ("id");
create index "enrolments_student_id_index" on "enrolments" ("student_id");
--> rows
insert into students (email, first_name) select n || '@example.com', 'f' from generate_series(1, 500) n;
insert into courses (slug, title, level) select 'c' || n, 't' || n, 'beginner' from generate_series(1, 40) n;
insert into enrolments (student_id, course_id) select n, 1 + n % 40 from generate_series(1, 500) n;
--> file 20200601120000_course_price.js
alter table "courses" add column "price" integer not null default '0';
alter table "courses" add column "published" boolean;
--> file 20200701120000_index_course.js
create index "enrolments_course_id_index" on "enrolments" ("course_id");
--> rows
select 1;
--> file 20200801120000_lessons.js
create table "lessons" ("id" serial primary key, "course_id" integer not null, "position" integer not null, "content" jsonb default '{}');
alter table "lessons" add constraint "lessons_course_id_foreign" foreign key ("course_id") references "courses" ("id");
alter table "lessons" add constraint "lessons_course_id_position_unique" unique ("course_id", "position");
--> rows
insert into lessons (course_id, "position") select 1 + n % 40, n from generate_series(1, 400) n;
--> file 20200901120000_level_check.js
alter table "courses" drop constraint if exists "courses_level_check";
alter table "courses" add constraint "courses_level_check" check ("level" in ('beginner', 'intermediate', 'advanced'));
--> file 20201001120000_unique_enrolment.js
alter table "enrolments" add constraint "enrolments_student_id_course_id_unique" unique ("student_id", "course_id");
--> rows
select 1;
--> file 20201101120000_last_seen.js
alter table "students" add column "last_seen" timestamptz;
alter table "students" add column "timezone" varchar(64) default 'UTC';
alter table "lessons" alter column "content" set not null;
--> file 20201201120000_rename_progress.js
alter table "enrolments" rename "progress" to "completed";
--> rows
select 1;
--> file 20210101120000_full_name.js
alter table "students" add column "full_name" varchar(512);
update "students" set "full_name" = coalesce("first_name", '') || ' ' || coalesce("last_name", '');
--> rows
select 1;
--> file 20210201120000_drop_names.js
alter table "students" drop column "first_name", drop column "last_name";
--> file 20210301120000_certificates.js
create table "certificates" ("id" uuid not null default gen_random_uuid(), "enrolment_id" integer not null, "issued_at" timestamptz not null default CURRENT_TIMESTAMP, constraint "certificates_pkey" primary key ("id"));
alter table "certificates" add constraint "certificates_enrolment_id_foreign" foreign key ("enrolment_id") references "enrolments" ("id") on delete CASCADE;
create index "certificates_enrolment_id_index" on "certificates" ("enrolment_id");
--> rows
insert into certificates (enrolment_id) select n from generate_series(1, 300) n;
--> file 20210401120000_certificate_number.js
alter table "certificates" add column "number" serial;
--> file 20210501120000_title_text.js
alter table "courses" alter column "title" type text using ("title"::text);
alter table "courses" alter column "price" drop not null;
--> file 20210601120000_drop_published.js
alter table "courses" alter column "published" set default true;
create table "course_tags" ("course_id" integer not null references "courses" ("id"), "tag" varchar(50) not null, primary key ("course_id", "tag"));
