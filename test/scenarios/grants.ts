import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { background } from '../../lambdas';
import { stories } from './stories';
import { startWorld, type World } from './world';

const FILE = join(__dirname, 'grants.json');
/** The story that needs a statement, by `<step> <sid>`: what `npm run grants -- --write` found. */
export const needs = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, string>;

/** One statement of one step's role. */
export interface Declared {
  /** `<step> <sid>`. */
  name: string;
  step: string;
  roleArn: string;
  index: number;
}

/** The statements that steps declare; what Lambda itself needs (logs, traces, network interfaces) has no step to fail. */
export function declared(world: World): Declared[] {
  return world.cloud.services.iam.roles().flatMap((role) => {
    const [, step] = /Greenlight(\w+?)Role[0-9A-F]{8}/.exec(role.name) ?? [];
    if (!step) return [];
    return role.statements
      .filter(({ statement }) => statement.Sid && statement.Sid !== 'NetworkInterfaces')
      .map(({ index, statement }) => ({ name: `${step} ${statement.Sid}`, step, roleArn: role.arn, index }));
  });
}

/** The functions that come by themselves. A story that does not wake them meets them by chance, the next time not at all. */
const scheduled = background
  .filter(({ triggers }) => triggers.some((by) => by === 'schedule'))
  .map(({ name }): string => name);

/** What is left to do, in order, for several worlds at once. */
async function share<Item>(
  worlds: readonly World[],
  items: Item[],
  work: (world: World, item: Item) => Promise<void>,
) {
  const one = async (world: World) => {
    for (let item = items.shift(); item !== undefined; item = items.shift()) await work(world, item);
  };
  await Promise.all(worlds.map(one));
}

/** The statements without which a call of the story, or of one before it in this world, would have been denied. */
async function neededBy(world: World, story: string): Promise<string[]> {
  const woken: string[] = [];
  await stories[story]!({
    ...world,
    wake(name) {
      woken.push(name);
      return world.wake(name);
    },
  });
  const needed = world.cloud.services.iam.neededStatements();
  await world.rest();
  return declared(world)
    .filter(({ roleArn, index }) => needed.some((one) => one.roleArn === roleArn && one.index === index))
    .filter(({ step }) => woken.includes(step) || !scheduled.includes(step))
    .map(({ name }) => name);
}

/**
 * Plays every story once, and finds for each statement the first story that is sure to need it. Each world plays its part of
 * them in their order, so that what it has needed before stands at an earlier story already.
 */
async function find(worlds: readonly World[]): Promise<Record<string, string>> {
  const order = Object.keys(stories);
  const found: Record<string, string> = {};
  await share(worlds, [...order], async (world, story) => {
    const names = await neededBy(world, story);
    for (const name of names) {
      const earlier = found[name];
      if (earlier === undefined || order.indexOf(story) < order.indexOf(earlier)) found[name] = story;
    }
    console.error(`${story}: ${names.length} statements needed so far`);
  });
  return Object.fromEntries(Object.entries(found).sort());
}

/** Says of each statement whether a story needs it; how many are not needed. */
async function sayNeeded(worlds: readonly World[]): Promise<number> {
  const found = await find(worlds);
  const names = declared(worlds[0]!).map(({ name }) => name);
  const missing = names.filter((name) => found[name] === undefined);
  for (const name of names)
    console.log(found[name] ? `needed     ${name} (${found[name]})` : `NOT NEEDED ${name}`);
  console.log(`${names.length - missing.length} of ${names.length} statements are needed`);
  return missing.length;
}

/**
 * Plays the story without the statement; true when its role was denied a call and the step ended in that: the denial
 * stands in the execution's history, which tells nothing of functions beside the graph.
 */
export async function denied(
  world: World,
  { name, step, roleArn, index }: Declared,
  story = needs[name],
): Promise<boolean> {
  if (story === undefined) return false;
  const { iam } = world.cloud.services;
  const before = iam.denials().length;
  const putBack = iam.removeStatement(roleArn, index);
  try {
    const { events } = await stories[story]!(world);
    const refused = iam.denials().slice(before);
    const history = JSON.stringify(events);
    return (
      refused.some((denial) => denial.roleArn === roleArn) &&
      (background.some(({ name }) => name === step) ||
        /AccessDenied.*(is not authorized to perform|Access to KMS is not allowed)/.test(history))
    );
  } finally {
    putBack();
    await world.rest();
  }
}

/** Takes statements away in turn, to see that each is missed where a person would look; how many are not. */
async function takeAway(worlds: readonly World[], wanted: readonly string[]): Promise<number> {
  const names = declared(worlds[0]!).map(({ name }) => name);
  const queue = names.filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
  const total = queue.length;
  let missing = 0;
  await share(worlds, queue, async (world, name) => {
    const ok = await denied(world, declared(world).find((statement) => statement.name === name)!);
    if (!ok) missing++;
    console.log(`${ok ? 'denied    ' : 'NOT MISSED'} ${name} (${needs[name] ?? 'needed by no story'})`);
  });
  console.log(`${total - missing} of ${total} statements are missed`);
  return missing;
}

const WORLDS = 2;

/**
 * `npm run grants`: plays every story, and says which statements a call needed; `-- --write` notes the story for each.
 * `-- --each`, or `-- NAME` for some: takes them away in turn, a story each.
 */
async function main(args: string[]): Promise<void> {
  const names = args.filter((arg) => !arg.startsWith('--'));
  const worlds: World[] = [];
  try {
    while (worlds.length < WORLDS) worlds.push(await startWorld());
    if (args.includes('--write'))
      return writeFileSync(FILE, `${JSON.stringify(await find(worlds), null, 2)}\n`);
    const each = names.length > 0 || args.includes('--each');
    process.exitCode = (await (each ? takeAway(worlds, names) : sayNeeded(worlds))) === 0 ? 0 : 1;
  } finally {
    for (const world of worlds) await world.close();
  }
}

// a suite imports it as well
if (process.argv[1] === __filename) void main(process.argv.slice(2));
