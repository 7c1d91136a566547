import { sql } from 'kysely';

export async function up(db) {
  await sql.raw('ALTER TABLE accounts ADD COLUMN email text').execute(db);
}

export async function down(db) {
  await sql.raw('ALTER TABLE accounts DROP COLUMN email').execute(db);
}
