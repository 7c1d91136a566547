import { withoutPasswords, withoutSecrets } from '../../../src/domain/privacy/passwords';

it.each([
  [
    "CREATE ROLE a LOGIN PASSWORD 'x''y' VALID UNTIL 'z'",
    "CREATE ROLE a LOGIN PASSWORD '***' VALID UNTIL 'z'",
  ],
  ["alter role a with encrypted password 'md5abc';", "alter role a with encrypted password '***';"],
  ["ALTER ROLE a PASSWORD E'x'", "ALTER ROLE a PASSWORD E'***'"],
  ['ALTER ROLE a PASSWORD $p$x y$p$;', "ALTER ROLE a PASSWORD '***';"],
  [
    "CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'u', password 'x');",
    "CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'u', password '***');",
  ],
  [
    "SELECT dblink_connect('host=db password=x user=u')",
    "SELECT dblink_connect('host=db password=*** user=u')",
  ],
  [
    "SELECT 'postgres://u:x@db:5432/shop?sslmode=require'",
    "SELECT 'postgres://u:***@db:5432/shop?sslmode=require'",
  ],
  ["UPDATE users SET password = 'x'", "UPDATE users SET password = '***'"],
])('takes the password out of %s', (sql, without) => expect(withoutPasswords(sql)).toBe(without));

it.each([
  'ALTER ROLE a PASSWORD NULL',
  'ALTER TABLE users ADD COLUMN password text NOT NULL',
  "COMMENT ON COLUMN users.password IS 'a hash'",
  "CREATE TABLE links (url text DEFAULT 'https://example.org:443/a@b')",
  "SELECT '10:30'::time",
])('leaves %s alone', (sql) => expect(withoutPasswords(sql)).toBe(sql));

it('leaves the action that somebody was denied, by which an operator mends it', () => {
  const denied =
    'User: arn:aws:sts::1:assumed-role/Shop/x is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:eu-west-1:1:secret:shop';
  expect(withoutSecrets(denied)).toBe(denied);
  expect(withoutSecrets(`${denied} secret: x`)).toBe(`${denied} secret: ***`);
});
