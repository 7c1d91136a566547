const { Migration } = require('@mikro-orm/migrations');

exports.Migration20260103000000_email_index = class Migration20260103000000_email_index extends Migration {
  up() {
    for (const column of ['email']) this.addSql(`create index accounts_${column} on accounts (${column})`);
  }

  down() {
    this.addSql('drop index accounts_email');
  }
};
