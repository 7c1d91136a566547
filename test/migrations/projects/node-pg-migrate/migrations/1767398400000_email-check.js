exports.up = (pgm) => {
  pgm.addConstraint('accounts', 'accounts_email_check', "CHECK (email LIKE '%@%') NOT VALID");
};

exports.down = (pgm) => {
  pgm.dropConstraint('accounts', 'accounts_email_check');
};
