import { scaledClock } from '../../../../local/clock';
import { createLogs } from '../../../../local/services/logs';
import { manualClock } from '../../manual-clock';

// biome-ignore lint/suspicious/noExplicitAny: operations are called as the endpoint calls them
type Call = (input: any) => any;

describe('CloudWatch Logs', () => {
  const start = () => {
    const logs = createLogs({ clock: scaledClock() });
    const call = (operation: string): Call => logs.operations[operation] as unknown as Call;
    return { logs, call };
  };

  it('keeps what is written, oldest first', () => {
    const { logs, call } = start();
    logs.write('/app', 'web/1', 'one');
    logs.write('/app', 'web/1', 'two');
    const { events } = call('GetLogEvents')({ logGroupName: '/app', logStreamName: 'web/1' });
    expect(events.map((event: { message: string }) => event.message)).toEqual(['one', 'two']);
  });

  it('goes on after a forward token, and repeats the token at the end', () => {
    const { logs, call } = start();
    for (const word of ['a', 'b', 'c']) logs.write('/app', 's', word);
    const query = { logGroupName: '/app', logStreamName: 's', startFromHead: true, limit: 2 };
    const first = call('GetLogEvents')(query);
    const second = call('GetLogEvents')({ ...query, nextToken: first.nextForwardToken });
    expect(second.events.map((event: { message: string }) => event.message)).toEqual(['c']);
    const third = call('GetLogEvents')({ ...query, nextToken: second.nextForwardToken });
    expect(third.events).toEqual([]);
    expect(third.nextForwardToken).toBe(second.nextForwardToken);
  });

  it('finds events of several streams by terms', () => {
    const { logs, call } = start();
    logs.write('/app', 'a', 'ERROR one');
    logs.write('/app', 'b', 'ERROR two');
    logs.write('/app', 'b', 'fine');
    const find = (filterPattern: string) =>
      call('FilterLogEvents')({ logGroupName: '/app', filterPattern }).events.map(
        (event: { logStreamName: string; message: string }) => `${event.logStreamName}: ${event.message}`,
      );
    expect(find('ERROR')).toEqual(['a: ERROR one', 'b: ERROR two']);
    expect(find('ERROR -two')).toEqual(['a: ERROR one']);
    expect(find('?one ?fine')).toEqual(['a: ERROR one', 'b: fine']);
    expect(() => find('[level, message]')).toThrow('filter patterns');
  });

  it('finds lines of JSON by what their members say', () => {
    const { logs, call } = start();
    const lines = [
      '{"step":"A","decision":{"outcome":"good"}}',
      '{"step":"A"}',
      '{"step":"B"}',
      '"step":"A"',
    ];
    for (const line of lines) logs.write('/app', 's', line);
    const find = (filterPattern: string) =>
      call('FilterLogEvents')({ logGroupName: '/app', filterPattern }).events.map(
        ({ message }: { message: string }) => lines.indexOf(message),
      );
    expect(find('{ $.step = "A" }')).toEqual([0, 1]);
    expect(find('{ ($.step = "A") && ($.decision.outcome = "good") }')).toEqual([0]);
    for (const other of [
      '{ $.step = A* }',
      '{ $.count > 1 }',
      '{ ($.a = "x") || ($.b = "y") }',
      '{ $.a = "x"',
    ])
      expect(() => find(other)).toThrow('filter patterns');
  });

  it('says that a group or stream does not exist', () => {
    const { logs, call } = start();
    expect(() => call('DescribeLogStreams')({ logGroupName: 'none' })).toThrow(
      expect.objectContaining({ name: 'ResourceNotFoundException' }),
    );
    logs.write('/app', 'a', 'x');
    expect(() => call('GetLogEvents')({ logGroupName: '/app', logStreamName: 'b' })).toThrow(
      'log stream does not exist',
    );
  });

  it('takes put events only for a stream that was created', () => {
    const { call } = start();
    const timestamp = Date.now();
    call('CreateLogGroup')({ logGroupName: 'g' });
    const put = { logGroupName: 'g', logStreamName: 's', logEvents: [{ message: 'm', timestamp }] };
    expect(() => call('PutLogEvents')(put)).toThrow('log stream does not exist');
    call('CreateLogStream')({ logGroupName: 'g', logStreamName: 's' });
    call('PutLogEvents')(put);
    const { logStreams } = call('DescribeLogStreams')({ logGroupName: 'g' });
    expect(logStreams).toMatchObject([{ logStreamName: 's', lastEventTimestamp: timestamp }]);
  });

  describe('of a batch', () => {
    const HOUR = 3_600_000;
    const now = Date.parse('2026-01-01T00:00:00Z');
    function stream() {
      const logs = createLogs({ clock: manualClock(now) });
      const call = (operation: string): Call => logs.operations[operation] as unknown as Call;
      call('CreateLogGroup')({ logGroupName: 'g' });
      call('CreateLogStream')({ logGroupName: 'g', logStreamName: 's' });
      const put = (...hours: number[]) =>
        call('PutLogEvents')({
          logGroupName: 'g',
          logStreamName: 's',
          logEvents: hours.map((hour) => ({ message: `${hour}`, timestamp: now + hour * HOUR })),
        });
      const kept = () =>
        call('GetLogEvents')({ logGroupName: 'g', logStreamName: 's', startFromHead: true }).events.map(
          ({ message }: { message: string }) => message,
        );
      return { call, put, kept };
    }
    const refused = (message: string) =>
      expect.objectContaining({
        name: 'InvalidParameterException',
        message: expect.stringContaining(message),
      });

    it('refuses events out of order or of more than a day, and keeps none of them', () => {
      const { put, kept } = stream();
      expect(() => put(-1, -2)).toThrow(refused('must be in chronological order'));
      expect(() => put(-25, 0)).toThrow(refused('cannot span more than 24 hours'));
      expect(kept()).toEqual([]);
    });

    it('leaves out events that are too old or of the future, and says which', () => {
      const { put, kept } = stream();
      const days14 = 14 * 24;
      expect(put(-days14 - 2, -days14 - 1, -days14 + 1)).toMatchObject({
        rejectedLogEventsInfo: { tooOldLogEventEndIndex: 2 },
      });
      expect(put(1, 2, 3)).toMatchObject({ rejectedLogEventsInfo: { tooNewLogEventStartIndex: 2 } });
      expect(put(0)).not.toHaveProperty('rejectedLogEventsInfo.tooNewLogEventStartIndex');
      expect(kept()).toEqual([`${-days14 + 1}`, '1', '2', '0']);
    });

    it('leaves out events that their group would not keep', () => {
      const { call, put, kept } = stream();
      call('PutRetentionPolicy')({ logGroupName: 'g', retentionInDays: 1 });
      expect(put(-26, -23)).toMatchObject({ rejectedLogEventsInfo: { expiredLogEventEndIndex: 1 } });
      expect(kept()).toEqual(['-23']);
      expect(() => call('PutRetentionPolicy')({ logGroupName: 'g', retentionInDays: 4 })).toThrow(
        refused('Member must satisfy enum value set: [1, 3, 5'),
      );
    });

    it('refuses what is too large', () => {
      const { call } = stream();
      const put =
        (...lengths: number[]) =>
        () =>
          call('PutLogEvents')({
            logGroupName: 'g',
            logStreamName: 's',
            logEvents: lengths.map((length) => ({ message: 'x'.repeat(length), timestamp: now })),
          });
      expect(put(1_048_551)).toThrow(refused('Log event too large'));
      expect(put(600_000, 600_000)).toThrow(refused('Upload too large'));
      expect(put(1_048_550)).not.toThrow();
    });

    it('refuses parameters that exclude each other', () => {
      const { call } = stream();
      expect(() => call('DescribeLogGroups')({ logGroupNamePrefix: 'a', logGroupNamePattern: 'b' })).toThrow(
        refused('mutually exclusive'),
      );
      expect(() =>
        call('DescribeLogStreams')({ logGroupName: 'g', logStreamNamePrefix: 's', orderBy: 'LastEventTime' }),
      ).toThrow(refused('Cannot order by LastEventTime'));
      expect(() =>
        call('FilterLogEvents')({ logGroupName: 'g', logStreamNamePrefix: 's', logStreamNames: ['s'] }),
      ).toThrow(refused('mutually exclusive'));
    });
  });

  it('forgets the oldest events of a stream that never ends', () => {
    const { logs, call } = start();
    for (let index = 0; index < 30_000; index++) logs.write('/app', 's', `line ${index}`);
    const { events } = call('FilterLogEvents')({ logGroupName: '/app', filterPattern: '"line 29999"' });
    expect(events).toHaveLength(1);
    expect(call('FilterLogEvents')({ logGroupName: '/app', filterPattern: '"line 100"' }).events).toEqual([]);
  });

  it('keeps the retention of a group of the template', async () => {
    const { logs, call } = start();
    const resource = await logs.resources!['AWS::Logs::LogGroup']!(
      { LogGroupName: '/shop', RetentionInDays: 30 },
      { logicalId: 'Logs', name: 'stack-Logs', metadata: {} },
    );
    expect(resource).toEqual({
      ref: '/shop',
      attributes: { Arn: 'arn:aws:logs:eu-west-1:000000000000:log-group:/shop:*' },
    });
    expect(call('DescribeLogGroups')({}).logGroups).toMatchObject([
      { logGroupName: '/shop', retentionInDays: 30 },
    ]);
  });
});
