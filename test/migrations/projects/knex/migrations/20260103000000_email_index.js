exports.config = { transaction: false };

exports.up = (knex) => knex.raw('CREATE INDEX CONCURRENTLY accounts_email ON accounts (email)');

exports.down = (knex) => knex.raw('DROP INDEX CONCURRENTLY accounts_email');
