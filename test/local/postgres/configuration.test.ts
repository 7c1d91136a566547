import { configurationFile } from '../../../local/postgres/configuration';

const at = { port: 5432, directory: '/data' };

describe("a server's configuration", () => {
  it('has the parameters of the group, with quotes kept apart', () => {
    const file = configurationFile(at, { max_connections: '7', search_path: `it's, "b"` }, true);
    expect(file).toContain("max_connections = '7'\n");
    expect(file).toContain(`search_path = 'it''s, "b"'\n`);
  });

  it('does not let a parameter group open the server to the network or switch TLS off', () => {
    const file = configurationFile(at, { listen_addresses: '*', ssl: 'off', port: '1' }, true);
    expect(file).toContain("listen_addresses = '127.0.0.1'\n");
    expect(file).toContain("ssl = 'on'\n");
    expect(file).toContain("port = '5432'\n");
    expect(file).not.toContain("'*'");
  });

  it('leaves out what only RDS knows', () => {
    expect(configurationFile(at, { 'rds.force_ssl': '1' }, true)).not.toContain('rds.');
  });
});
