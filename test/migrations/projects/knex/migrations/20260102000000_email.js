exports.up = (knex) =>
  knex.schema.alterTable('accounts', (table) => {
    table.text('email');
  });

exports.down = (knex) =>
  knex.schema.alterTable('accounts', (table) => {
    table.dropColumn('email');
  });
