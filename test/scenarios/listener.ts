import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { SNS } from '@aws-sdk/client-sns';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { AlarmName } from '../../lib';
import type { World } from './world';
import { until } from './world/ground';

/** Somebody who has subscribed to the topic of the workflow. */
export interface Listener {
  /** The alarms that were heard to go off, in their order. */
  alarms(): AlarmName[];
  /** Resolves once the alarm was heard, of which `before` were heard already. */
  hears(alarm: AlarmName, before?: number): Promise<void>;
  /** All that was heard, as it came. */
  texts(): readonly string[];
  /** How the alarms of the workflow are now. */
  states(): Promise<Partial<Record<AlarmName, string>>>;
  close(): Promise<void>;
}

/** `Shop-GreenlightNeedsOperatorAlarm5A3B…` */
function nameOf(alarm: string): AlarmName {
  const [, name = ''] = /Greenlight(\w+)Alarm[0-9A-F]{8}/.exec(alarm) ?? [];
  return (name.charAt(0).toLowerCase() + name.slice(1)) as AlarmName;
}

export async function listen({ aws }: World): Promise<Listener> {
  const ssm = new SSMClient(aws);
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/greenlight/Shop' }));
  const { topic, alarms } = JSON.parse(Parameter?.Value ?? '') as { topic: string; alarms: string[] };
  const texts: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      texts.push(body);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new SNS(aws).subscribe({ TopicArn: topic, Protocol: 'http', Endpoint: `http://127.0.0.1:${port}/` });

  const heard = () =>
    texts.flatMap((text) => {
      const { Message } = JSON.parse(text) as { Message: string };
      if (!Message.startsWith('{')) return [];
      const { AlarmName, NewStateValue } = JSON.parse(Message);
      return NewStateValue === 'ALARM' ? [nameOf(AlarmName)] : [];
    });
  const cloudwatch = new CloudWatch(aws);
  return {
    alarms: heard,
    async hears(alarm, before = 0) {
      await until(async () => heard().filter((one) => one === alarm).length > before || undefined);
    },
    texts: () => texts,
    async states() {
      const { MetricAlarms = [] } = await cloudwatch.describeAlarms({ AlarmNames: alarms });
      return Object.fromEntries(MetricAlarms.map((one) => [nameOf(one.AlarmName ?? ''), one.StateValue]));
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
