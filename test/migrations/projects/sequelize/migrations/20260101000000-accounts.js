module.exports = {
  async up(queryInterface) {
    await queryInterface.sequelize.query('CREATE TABLE accounts (id bigserial PRIMARY KEY)');
  },

  async down(queryInterface) {
    await queryInterface.sequelize.query('DROP TABLE accounts');
  },
};
