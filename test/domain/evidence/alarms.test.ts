import { type AlarmSeen, alarmsAgainst, judgeAlarms } from '../../../src/domain/evidence/alarms';

const seen = (name: string, state: AlarmSeen['state'], more: Partial<AlarmSeen> = {}): AlarmSeen => ({
  name,
  state,
  reason: '',
  ...more,
});
const watched = (accepted: string[] = []) => ({ alarms: ['orders', 'prices'], accepted });
const both = (state: AlarmSeen['state'], more: Partial<AlarmSeen> = {}) => [
  seen('orders', 'OK'),
  seen('prices', state, more),
];

describe('before users are sent to green', () => {
  it.each([
    ['both OK', both('OK'), [], undefined],
    ['one without data', both('INSUFFICIENT_DATA'), [], undefined],
    [
      'one in ALARM',
      both('ALARM', { reason: 'Threshold Crossed' }),
      [],
      'alarm prices is in ALARM already: Threshold Crossed; start again when that is over, or accept it with "acceptAlarms": ["prices"]',
    ],
    ['one in ALARM, which is accepted', both('ALARM'), ['prices'], undefined],
    [
      'one that is not there',
      [seen('orders', 'OK')],
      [],
      expect.stringMatching(
        /^alarm prices of the settings' evidence.alarms was deleted, .* composite alarm, .*"acceptAlarms": \["prices"\]$/,
      ),
    ],
    ['one that is not there, which is accepted', [seen('orders', 'OK')], ['prices'], undefined],
  ])('%s', (_, alarms, accepted, because) => {
    expect(alarmsAgainst(alarms, watched(accepted))).toEqual(because);
  });

  it('names all of them', () => {
    const alarms = [seen('orders', 'ALARM'), seen('prices', 'ALARM')];
    expect(alarmsAgainst(alarms, watched())).toContain('"acceptAlarms": ["orders","prices"]');
  });
});

describe('while users are on green', () => {
  const at = '2026-01-01T12:00:00.000Z';
  it.each([
    ['both OK', both('OK'), [], 'healthy', 'none of 2 alarms went off', undefined],
    [
      'one without data',
      both('INSUFFICIENT_DATA'),
      [],
      'healthy',
      'none of 2 alarms went off, prices without data',
      undefined,
    ],
    [
      'one in ALARM',
      both('ALARM', { reason: '1 datapoint' }),
      [],
      'unhealthy',
      'alarm prices is in ALARM: 1 datapoint',
      undefined,
    ],
    [
      'one that went off and is OK again',
      both('OK', { alarmedAt: at }),
      [],
      'unhealthy',
      `alarm prices went to ALARM at ${at}`,
      undefined,
    ],
    [
      'one in ALARM, which is accepted',
      both('ALARM'),
      ['prices'],
      'healthy',
      'none of 2 alarms went off',
      'accepted: alarm prices is in ALARM',
    ],
    [
      'one that was deleted',
      [seen('orders', 'OK')],
      [],
      'undecided',
      expect.stringMatching(/^alarm prices was deleted/),
      undefined,
    ],
  ])('%s', (_, alarms, accepted, verdict, because, warning) => {
    const found = judgeAlarms(alarms, watched(accepted));
    expect([found.verdict, found.because, found.warning]).toEqual([verdict, because, warning]);
  });

  it('keeps the state of each, and when it went off', () => {
    expect(judgeAlarms(both('OK', { alarmedAt: at }), watched()).numbers).toEqual({
      orders: 'OK',
      prices: `OK ${at}`,
    });
  });
});
