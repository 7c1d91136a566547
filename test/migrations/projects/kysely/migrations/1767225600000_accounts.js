import { sql } from 'kysely';

export async function up(db) {
  await sql`
    CREATE TABLE accounts (id bigserial PRIMARY KEY)
  `.execute(db);
}

export async function down(db) {
  await sql`DROP TABLE accounts`.execute(db);
}
