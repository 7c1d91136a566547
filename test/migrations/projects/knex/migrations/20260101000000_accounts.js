exports.up = (knex) =>
  knex.schema.createTable('accounts', (table) => {
    table.bigIncrements('id');
    table.text('name').notNullable();
  });

exports.down = (knex) => knex.schema.dropTable('accounts');
