import { parseArgs } from 'node:util';
import type { CloudOptions } from './cloud';
import type { Slowness } from './consistency';
import { parseFault } from './endpoint';
import { parseImage } from './services/ecr';
import type { Rates } from './throttling';

export const USAGE = `usage: greenlight-local [options]

Starts a small AWS on this machine, with a synthesised CDK app in it or for cdk deploy, and keeps it until Ctrl-C.

  --assembly DIR         the cloud assembly that cdk synth wrote (cdk.out)
  --empty                create nothing: cdk bootstrap and cdk deploy do
  --images FILE          which folder stands for which container image (JSON or YAML)
  --image IMAGE          one image: <name>:<tag>=<folder>:<command line> (repeatable)
  --stack NAME           create only this stack (repeatable)
  --speed N              cloud time runs N times as fast (1)
  --fault FAULT          a fault to begin with, e.g. rds:CreateDBSnapshot=before:SnapshotQuotaExceededFault*2
  --port N               the port of the endpoint (a free one)
  --propagation-ms N     how long load balancers follow old rules after a change (0; 5000 with --consistency aws)
  --metrics aws          load balancers publish once a minute and two minutes late, as on AWS (at once)
  --consistency aws      reads lag behind writes, databases and targets take their time, functions sleep, as on AWS;
                         aws:N decides by another seed which reads lag, a whole number (at-once)
  --throttle RATES       refuse calls beyond these rates: aws, those it publishes for an account (none)
  --then COMMAND         run this when everything is ready, before saying so; it finds endpoint and outputs as JSON
                         in its environment's LOCAL_CLOUD
  --beside COMMAND       run this from then on, with the same environment and AWS's own variables, until the cloud ends:
                         then its standard input does; everything is ready when it has written its first line (repeatable)
  --json                 print one JSON line when ready, instead of text
  --until-stdin-closes   end when standard input ends
  --help                 this text`;

/** What the command line asks for. */
export interface Options extends CloudOptions {
  /** A shell command that is run once everything is ready. */
  afterwards?: string;
  /** Shell commands that run from then on, as long as the cloud. */
  beside: string[];
  json: boolean;
  untilStdinCloses: boolean;
}

/** A command line that cannot be understood; its message is for the user. */
export class UsageError extends Error {}

function number(flag: string, value: string | undefined, lowest: number): number | undefined {
  if (value === undefined) return undefined;
  const parsed = Number(value);
  if (value.trim() !== '' && Number.isFinite(parsed) && parsed >= lowest) return parsed;
  throw new UsageError(`--${flag} needs a number of at least ${lowest}, got ${JSON.stringify(value)}`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        assembly: { type: 'string', default: 'cdk.out' },
        empty: { type: 'boolean', default: false },
        images: { type: 'string' },
        image: { type: 'string', multiple: true, default: [] },
        stack: { type: 'string', multiple: true },
        speed: { type: 'string' },
        fault: { type: 'string', multiple: true, default: [] },
        port: { type: 'string' },
        'propagation-ms': { type: 'string' },
        metrics: { type: 'string', default: 'at-once' },
        consistency: { type: 'string', default: 'at-once' },
        throttle: { type: 'string', default: 'none' },
        // biome-ignore lint/suspicious/noThenProperty: the name of a flag, never awaited
        then: { type: 'string' },
        beside: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
        'until-stdin-closes': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}; --help lists the options`);
  }
}

function rates(value: string): Rates {
  if (value === 'aws' || value === 'none') return value;
  throw new UsageError(`--throttle needs aws or none, got ${JSON.stringify(value)}`);
}

function metrics(value: string): 'aws' | undefined {
  if (value === 'aws') return value;
  if (value === 'at-once') return undefined;
  throw new UsageError(`--metrics needs aws or at-once, got ${JSON.stringify(value)}`);
}

function consistency(value: string): Slowness | undefined {
  if (value === 'at-once') return undefined;
  const aws = /^aws(?::(\d{1,9}))?$/.exec(value);
  if (aws) return { seed: Number(aws[1] ?? 1) };
  throw new UsageError(
    `--consistency needs aws, aws:N with a whole number of at most nine digits as its seed, or at-once, got ${JSON.stringify(value)}`,
  );
}

function each<Value>(flags: readonly string[], parse: (flag: string) => Value): Value[] {
  try {
    return flags.map(parse);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Reads the command line; 'help' when it asks for that. Throws UsageError. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  return {
    assembly: values.empty ? undefined : values.assembly,
    images: values.images,
    image: each(values.image, parseImage),
    stacks: values.stack,
    speed: number('speed', values.speed, 0.001),
    faults: each(values.fault, parseFault),
    port: number('port', values.port, 0),
    propagationMs: number('propagation-ms', values['propagation-ms'], 0),
    metrics: metrics(values.metrics),
    consistency: consistency(values.consistency),
    throttling: rates(values.throttle),
    afterwards: values.then,
    beside: values.beside,
    json: values.json,
    untilStdinCloses: values['until-stdin-closes'],
  };
}
