const { TableIndex } = require('typeorm');

module.exports = class EmailIndex1767398400000 {
  async up(queryRunner) {
    await queryRunner.createIndex(
      'accounts',
      new TableIndex({ name: 'accounts_email', columnNames: ['email'] }),
    );
  }

  async down(queryRunner) {
    await queryRunner.dropIndex('accounts', 'accounts_email');
  }
};
