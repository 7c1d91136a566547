module.exports = {
  async up(queryInterface) {
    await queryInterface.addIndex('accounts', ['email'], { name: 'accounts_email' });
  },

  async down(queryInterface) {
    await queryInterface.removeIndex('accounts', 'accounts_email');
  },
};
