module.exports = class Accounts1767225600000 {
  async up(queryRunner) {
    await queryRunner.query(`
      CREATE TABLE "accounts" ("id" bigserial PRIMARY KEY)
    `);
  }

  async down(queryRunner) {
    await queryRunner.query(`DROP TABLE "accounts"`);
  }
};
