module.exports = class Email1767312000000 {
  name = 'Email1767312000000';

  async up(queryRunner) {
    await queryRunner.query('ALTER TABLE accounts ADD COLUMN email text');
  }

  async down(queryRunner) {
    await queryRunner.query('ALTER TABLE accounts DROP COLUMN email');
  }
};
