const { Migration } = require('@mikro-orm/migrations');

exports.Migration20260101000000_accounts = class Migration20260101000000_accounts extends Migration {
  up() {
    this.addSql(`create table "accounts" ("id" bigserial primary key);`);
  }

  down() {
    this.addSql(`drop table "accounts";`);
  }
};
