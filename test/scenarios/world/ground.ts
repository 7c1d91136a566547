import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { RDSClient } from '@aws-sdk/client-rds';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Cloud } from '../../../local/cloud';
import type { Settings, SettingsInput } from '../../../src/domain/settings/settings';
import { readSettings, toStore } from '../../../src/domain/settings/stored';
import { quick } from './quick';

export type Slot = 'a' | 'b';

/** Where the example's service has its settings. */
const SETTINGS = '/greenlight/Shop/shop';

/** A row of the service in the journal's table. */
export const rowOf = (sk: 'lock' | 'live' | 'database', service = 'shop') => ({
  pk: { S: `service#${service}` },
  sk: { S: sk },
});

/** Of a service behind a load balancer, as the example's is. */
export type ServedSettings = Settings & {
  slots: Record<Slot, Required<Settings['slots']['a']>>;
  traffic: NonNullable<Settings['traffic']>;
};

/** What every part of the world asks. */
export interface Ground {
  cloud: Cloud;
  /** What an SDK client is made with to ask this cloud, with every permission. */
  aws: { region: string; endpoint: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  settings: ServedSettings;
  /** Name of the parameter that holds them. */
  parameter: string;
  /** The journal's table, and the machine of the workflow. */
  table: string;
  machine: string;
  clients: {
    sfn: SFNClient;
    elb: ElasticLoadBalancingV2Client;
    ecs: ECSClient;
    rds: RDSClient;
    db: DynamoDBClient;
    secrets: SecretsManagerClient;
    ssm: SSMClient;
  };
}

/** Settings of a service that waits longer for everything, and goes back by itself for longer. */
function patiently(settings: Settings, patience: number): Settings {
  const longer = <Times extends object>(times: Times): Times =>
    Object.fromEntries(
      Object.entries(times).map(([name, seconds]) => [name, Math.min(seconds * patience, 86_400)]),
    ) as Times;
  const { automaticSeconds, confirmSeconds, ...rollback } = settings.rollback;
  return {
    ...settings,
    deadlines: longer(settings.deadlines),
    rollback: { ...rollback, ...longer({ automaticSeconds, confirmSeconds }) },
  };
}

/** As the construct stores them: they may pass the 4 KB of a standard parameter. */
export async function storeSettings(ssm: SSMClient, Name: string, settings: SettingsInput): Promise<void> {
  const Value = JSON.stringify(toStore(settings));
  await ssm.send(new PutParameterCommand({ Name, Value, Tier: 'Intelligent-Tiering', Overwrite: true }));
}

/** Clients of a cloud, and the settings of its service for few users and with so much patience. */
export async function layGround(cloud: Cloud, patience: number, parameter = SETTINGS): Promise<Ground> {
  const aws = {
    region: cloud.region,
    endpoint: cloud.endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const ssm = new SSMClient(aws);
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: parameter }));
  const read = readSettings(Parameter?.Value ?? '', 'settings');
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  const { canaryPercent, thresholds } = quick;
  const few = {
    ...read.settings,
    canaryPercent,
    thresholds: { ...read.settings.thresholds, ...thresholds },
  };
  const settings = patiently(few, patience) as ServedSettings;
  await storeSettings(ssm, parameter, settings);
  return {
    cloud,
    aws,
    settings,
    parameter,
    table: cloud.outputs.JournalTable ?? '',
    machine: cloud.outputs.StateMachineArn ?? '',
    clients: {
      sfn: new SFNClient(aws),
      elb: new ElasticLoadBalancingV2Client(aws),
      ecs: new ECSClient(aws),
      rds: new RDSClient(aws),
      db: new DynamoDBClient(aws),
      secrets: new SecretsManagerClient(aws),
      ssm,
    },
  };
}

const POLL_MS = 50;

/** Polls without a bound of its own: the test's own time limit is the bound. */
export async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
