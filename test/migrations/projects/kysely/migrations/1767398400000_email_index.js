export async function up(db) {
  await db.schema.createIndex('accounts_email').on('accounts').column('email').execute();
}

export async function down(db) {
  await db.schema.dropIndex('accounts_email').execute();
}
