-- A CRM on TypeORM: hashed constraint names, columns dropped and added again where a length changes.
--> file 1577836800000-Init.ts
CREATE TABLE "contact" ("id" SERIAL NOT NULL, "firstName" character varying NOT NULL, "lastName" character varying NOT NULL, "phone" character varying(20), CONSTRAINT "PK_2cbbe00f59ab6b3bb5b8d19f989" PRIMARY KEY ("id"));
CREATE TABLE "company" ("id" SERIAL NOT NULL, "name" character varying NOT NULL, CONSTRAINT "PK_056f7854a7afdba7cbd6d45fc20" PRIMARY KEY ("id"));
CREATE TABLE "deal" ("id" SERIAL NOT NULL, "title" character varying NOT NULL, "value" integer NOT NULL, "companyId" integer, CONSTRAINT "PK_9ce1c24acace60f6d7dc7a7189e" PRIMARY KEY ("id"));
ALTER TABLE "deal" ADD CONSTRAINT "FK_deal_company" FOREIGN KEY ("companyId") REFERENCES "company"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;
--> rows
INSERT INTO contact ("firstName", "lastName", phone) SELECT 'f' || n, 'l' || n, n::text FROM generate_series(1, 400) n;
INSERT INTO company (name) SELECT 'c' || n FROM generate_series(1, 150) n;
INSERT INTO deal (title, value, "companyId") SELECT 't' || n, n, 1 + n % 150 FROM generate_series(1, 400) n;
--> file 1580515200000-ContactCompany.ts
ALTER TABLE "contact" ADD "companyId" integer;
ALTER TABLE "contact" ADD CONSTRAINT "FK_contact_company" FOREIGN KEY ("companyId") REFERENCES "company"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;
--> rows
UPDATE contact SET "companyId" = 1;
--> file 1583020800000-PhoneLength.ts
ALTER TABLE "contact" DROP COLUMN "phone";
ALTER TABLE "contact" ADD "phone" character varying(32);
--> file 1585699200000-DealStage.ts
CREATE TYPE "public"."deal_stage_enum" AS ENUM('lead', 'won', 'lost');
ALTER TABLE "deal" ADD "stage" "public"."deal_stage_enum" NOT NULL DEFAULT 'lead';
CREATE INDEX "IDX_deal_stage" ON "deal" ("stage") ;
--> rows
SELECT 1;
--> file 1588291200000-Stages.ts
ALTER TYPE "public"."deal_stage_enum" RENAME TO "deal_stage_enum_old";
CREATE TYPE "public"."deal_stage_enum" AS ENUM('lead', 'offer', 'won', 'lost');
ALTER TABLE "deal" ALTER COLUMN "stage" DROP DEFAULT;
ALTER TABLE "deal" ALTER COLUMN "stage" TYPE "public"."deal_stage_enum" USING "stage"::"text"::"public"."deal_stage_enum";
ALTER TABLE "deal" ALTER COLUMN "stage" SET DEFAULT 'lead';
DROP TYPE "public"."deal_stage_enum_old";
--> file 1590969600000-Notes.ts
CREATE TABLE "note" ("id" uuid NOT NULL DEFAULT gen_random_uuid(), "text" text NOT NULL, "createdAt" TIMESTAMP NOT NULL DEFAULT now(), "contactId" integer, CONSTRAINT "PK_note" PRIMARY KEY ("id"));
ALTER TABLE "note" ADD CONSTRAINT "FK_note_contact" FOREIGN KEY ("contactId") REFERENCES "contact"("id") ON DELETE CASCADE ON UPDATE NO ACTION;
--> rows
INSERT INTO note (text, "contactId") SELECT 'n', id FROM contact;
--> file 1593561600000-NoteIndex.ts
CREATE INDEX "IDX_note_contact" ON "note" ("contactId");
CREATE INDEX "IDX_note_created" ON "note" ("createdAt");
--> file 1596240000000-CompanyUnique.ts
ALTER TABLE "company" ADD CONSTRAINT "UQ_company_name" UNIQUE ("name");
--> rows
SELECT 1;
--> file 1598918400000-DealValue.ts
ALTER TABLE "deal" ALTER COLUMN "value" TYPE bigint;
ALTER TABLE "deal" ALTER COLUMN "companyId" SET NOT NULL;
--> file 1601510400000-SoftDelete.ts
ALTER TABLE "contact" ADD "deletedAt" TIMESTAMP;
ALTER TABLE "company" ADD "deletedAt" TIMESTAMP;
ALTER TABLE "deal" ADD "deletedAt" TIMESTAMP;
--> rows
SELECT 1;
--> file 1604188800000-Email.ts
ALTER TABLE "contact" ADD "email" character varying;
COMMENT ON COLUMN "contact"."email" IS 'lower case';
ALTER TABLE "contact" ADD CONSTRAINT "CHK_email" CHECK (email = lower(email)) NOT VALID;
--> file 1606780800000-Teams.ts
CREATE TABLE "team" ("id" SERIAL NOT NULL, "name" character varying NOT NULL, CONSTRAINT "PK_team" PRIMARY KEY ("id"));
CREATE TABLE "team_members" ("teamId" integer NOT NULL, "contactId" integer NOT NULL, CONSTRAINT "PK_team_members" PRIMARY KEY ("teamId", "contactId"));
CREATE INDEX "IDX_team_members_team" ON "team_members" ("teamId") ;
CREATE INDEX "IDX_team_members_contact" ON "team_members" ("contactId") ;
ALTER TABLE "team_members" ADD CONSTRAINT "FK_members_team" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "team_members" ADD CONSTRAINT "FK_members_contact" FOREIGN KEY ("contactId") REFERENCES "contact"("id") ON DELETE CASCADE ON UPDATE CASCADE;
--> rows
INSERT INTO team (name) VALUES ('sales');
--> file 1609459200000-DealTitle.ts
ALTER TABLE "deal" RENAME COLUMN "title" TO "name";
--> file 1612137600000-TeamName.ts
ALTER TABLE "team" ADD CONSTRAINT "UQ_team_name" UNIQUE ("name");
ALTER TABLE "team" ADD "color" character varying NOT NULL DEFAULT 'grey';
--> file 1614556800000-NoteAuthor.ts
ALTER TABLE "note" ADD "author" character varying NOT NULL DEFAULT 'unknown';
