const { Migration } = require('@mikro-orm/migrations');

exports.Migration20260102000000_email = class Migration20260102000000_email extends Migration {
  up() {
    this.addSql('alter table accounts add column email text');
  }

  down() {
    this.addSql('alter table accounts drop column email');
  }
};
