// node bin/run.js bin/security.ts [--write]: the tables of docs/security.md, from what each function of the workflow declares.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { background, phases } from '../lambdas';
import { unrestricted } from '../lib/rights/grants';
import { reasons } from '../lib/rights/reach';
import type { Grant, Ports, Scope } from '../src/domain/step/port';
import type { AnyBackground } from '../src/runtime/define-background';
import type { AnyStep } from '../src/runtime/define-step';
import { portsOf } from '../src/runtime/run-step';

const PAGE = join(__dirname, '..', 'docs', 'security.md');

/** What a part of the scope is, of one workflow. */
const words: Record<keyof Scope, string> = {
  table: 'the journal',
  topic: 'the topic',
  bus: 'the default event bus',
  settings: 'the settings of a service',
  whereabouts: 'the parameter of the workflow',
  settingsPath: 'the settings of all services',
  stateMachine: 'the state machine',
  executions: 'its executions',
  repositories: 'repositories of images',
  clusters: 'the clusters',
  services: 'the services of the slots',
  pureWorkers: 'the services of pure workers',
  workerServices: 'the services of workers',
  workerRules: 'the rules of workers',
  ruleRoles: 'roles of the rules of workers',
  workerSchedules: 'the schedules of workers',
  scheduleRoles: 'roles of the schedules of workers',
  tasks: 'tasks of the clusters',
  scalableTargets: 'scalable targets of Amazon ECS services',
  taskDefinitions: 'the families of task definitions',
  trialDefinitions: 'the families of trials',
  taskRoles: 'roles of the task definitions',
  taskLogs: 'logs of the tasks',
  rules: 'the listener rules',
  databases: 'the database instances and those restored in their place',
  restored: 'restored database instances',
  databaseRoles: 'roles that the database instances have',
  databaseGroups: 'subnet, parameter and option groups',
  databaseClusters: 'the Aurora clusters and those restored in their place',
  restoredClusters: 'restored Aurora clusters',
  restoredMembers: 'instances of restored Aurora clusters',
  clusterMembers: 'instances of any Aurora cluster',
  clusterGroups: 'subnet, cluster parameter and option groups',
  memberGroups: 'subnet, parameter and option groups',
  snapshots: 'snapshots that deployments took of the instances',
  clusterSnapshots: 'snapshots that deployments took of the Aurora clusters',
  secrets: 'the secrets of the databases',
  readSecrets: 'the secrets by which steps look that change nothing',
  ledSecrets: 'all secrets that say where a database is',
  manifests: 'manifests',
  manifestBuckets: 'the buckets of manifests',
  releaseManifests: 'manifests of releases, and nothing else of the bucket',
  testFunctions: 'test functions of the settings',
  alarms: 'alarms of the settings',
  reports: 'reports of deployments, and nothing else of the bucket',
  attestations: 'notes of which images succeeded',
};

const READS = /:(BatchGet|Describe|Get|List|Query)/;
const IN_TABLE = ['dynamodb:GetItem', 'dynamodb:Query'];

/** Every function of the workflow and what it declares. */
const functions = (): { name: string; ports: Ports }[] => [
  ...Object.values(phases).flatMap((steps) =>
    steps.map((step: AnyStep) => ({ name: step.name, ports: portsOf(step) })),
  ),
  ...background.map(({ name, uses }: AnyBackground) => ({ name, ports: uses as Ports })),
];

const whereOf = ({ on }: Grant) => (on === '*' ? 'everything' : on.map((part) => words[part]).join(', '));

/** By action and where: the functions that may. */
function rows(): { action: string; where: string; by: string[] }[] {
  const found = new Map<string, { action: string; where: string; by: Set<string> }>();
  for (const { name, ports } of functions())
    for (const grant of Object.values(ports).flatMap(({ grants }) => [...grants]))
      for (const action of grant.actions) {
        const where = whereOf(grant);
        const key = `${action} ${where}`;
        const row = found.get(key) ?? { action, where, by: new Set<string>() };
        found.set(key, row);
        row.by.add(name);
      }
  return [...found.values()]
    .map(({ by, ...row }) => ({ ...row, by: [...by] }))
    .sort((one, other) => one.action.localeCompare(other.action) || one.where.localeCompare(other.where));
}

const table = (head: string[], lines: string[][]) =>
  [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** More names than these say less than their number. */
const NAMED = 12;

function listed(by: string[]): string {
  const all = functions().length;
  if (by.length > NAMED) return by.length === all ? 'all functions' : `${by.length} of ${all} functions`;
  return by.map((name) => `\`${name}\``).join(', ');
}

/** The generated part of the page. */
export function securityTables(): string {
  const all = rows();
  const line = ({ action, where, by }: (typeof all)[number]) => [`\`${action}\``, where, listed(by)];
  const changes = all.filter(({ action }) => !READS.test(action));
  const reads = all.filter(({ action }) => READS.test(action) && !IN_TABLE.includes(action));
  return [
    '### What functions may change',
    table(['action', 'on', 'by'], changes.map(line)),
    '### What functions may read',
    table(['action', 'on', 'by'], reads.map(line)),
    '### What is allowed by a pattern, and why no list',
    table(
      ['what', 'why'],
      [
        ...Object.entries(reasons).map(([part, reason]) => [words[part as keyof Scope], reason]),
        ...Object.entries(unrestricted).map(([action, reason]) => [`\`${action}\` on everything`, reason]),
      ],
    ),
    '### What functions in the VPC call',
    table(['endpoint', 'kind', 'called by'], endpoints().map(endpointLine)),
  ].join('\n\n');
}

/** What follows `com.amazonaws.<region>.` in the name of a service's endpoint, where that is not what its actions begin with. */
const ENDPOINTS: Record<string, string> = { cloudwatch: 'monitoring', ecr: 'ecr.api' };
/** Those that cost nothing: a route of the subnets' route tables. */
const GATEWAYS = ['dynamodb', 's3'];
/** Actions that are no calls: a right to hand a role over, and what a service does with a key for the caller. */
const NO_CALLS = ['iam', 'kms'];

/** By endpoint: the functions in the VPC that call it. */
export function endpoints(): { endpoint: string; by: string[] }[] {
  const found = new Map<string, Set<string>>();
  for (const { name, ports } of functions()) {
    if (!Object.values(ports).some(({ inVpc }) => inVpc)) continue;
    for (const action of Object.values(ports).flatMap(({ grants }) =>
      grants.flatMap(({ actions }) => actions),
    )) {
      const [service = ''] = action.split(':');
      if (NO_CALLS.includes(service)) continue;
      const endpoint = ENDPOINTS[service] ?? service;
      found.set(endpoint, (found.get(endpoint) ?? new Set()).add(name));
    }
  }
  return [...found]
    .map(([endpoint, by]) => ({ endpoint, by: [...by] }))
    .sort((one, other) => one.endpoint.localeCompare(other.endpoint));
}

const endpointLine = ({ endpoint, by }: { endpoint: string; by: string[] }) => [
  `\`com.amazonaws.<region>.${endpoint}\``,
  GATEWAYS.includes(endpoint) ? 'gateway' : 'interface',
  listed(by),
];

const [BEGIN, END] = ['<!-- made by npm run security -- --write -->', '<!-- until here -->'];

/** The page with its tables made anew. */
export function securityPage(): string {
  const page = readFileSync(PAGE, 'utf8');
  const [before = '', rest = ''] = page.split(BEGIN);
  const [, after = ''] = rest.split(END);
  return `${before}${BEGIN}\n\n${securityTables()}\n\n${END}${after}`;
}

if (process.argv.includes('--write')) writeFileSync(PAGE, securityPage());
