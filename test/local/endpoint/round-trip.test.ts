import { type Echo, roundTrip, rpcServices, startEcho } from './round-trip';
import { cloudWatchProtocols } from './sdk';

const ROUNDS = 2;
let echo: Echo;

beforeAll(async () => {
  echo = await startEcho();
});
afterAll(() => echo.endpoint.close());

test.each(rpcServices)(
  'every operation and error of %s survives the wire through its real client',
  async (service) => {
    const report = await roundTrip(echo, service, ROUNDS);
    expect(report.mismatches).toEqual([]);
    expect(report.calls).toBeGreaterThanOrEqual(30);
  },
);

test.each(Object.entries(cloudWatchProtocols))(
  'CloudWatch is understood by %s clients too',
  async (_name, options) => {
    expect((await roundTrip(echo, 'monitoring', ROUNDS, options)).mismatches).toEqual([]);
  },
);
