import { scaledClock } from '../../../../local/clock';
import { createLogs } from '../../../../local/services/logs';

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
    expect(() => find('{ $.level = "error" }')).toThrow('filter patterns');
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
    call('CreateLogGroup')({ logGroupName: 'g' });
    const put = { logGroupName: 'g', logStreamName: 's', logEvents: [{ message: 'm', timestamp: 5 }] };
    expect(() => call('PutLogEvents')(put)).toThrow('log stream does not exist');
    call('CreateLogStream')({ logGroupName: 'g', logStreamName: 's' });
    call('PutLogEvents')(put);
    const { logStreams } = call('DescribeLogStreams')({ logGroupName: 'g' });
    expect(logStreams).toMatchObject([{ logStreamName: 's', lastEventTimestamp: 5 }]);
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
