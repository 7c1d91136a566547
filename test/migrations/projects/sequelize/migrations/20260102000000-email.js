module.exports = {
  up: (queryInterface) => queryInterface.sequelize.query('ALTER TABLE accounts ADD COLUMN email text'),
  down: (queryInterface) => queryInterface.sequelize.query('ALTER TABLE accounts DROP COLUMN email'),
};
