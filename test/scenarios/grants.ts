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
  .map(({ name }) => name);

/** Plays every story once, and finds for each statement the first story that is sure to use it. */
async function find(world: World): Promise<Record<string, string>> {
  const all = declared(world);
  const found: Record<string, string> = {};
  for (const [story, play] of Object.entries(stories)) {
    const woken: string[] = [];
    await play({
      ...world,
      wake(name) {
        woken.push(name);
        return world.wake(name);
      },
    });
    for (const { roleArn, index } of world.cloud.services.iam.used()) {
      const used = all.find((statement) => statement.roleArn === roleArn && statement.index === index);
      if (used && (woken.includes(used.step) || !scheduled.some((name) => name === used.step)))
        found[used.name] ??= story;
    }
    await world.rest();
  }
  return Object.fromEntries(Object.entries(found).sort());
}

/**
 * Plays the story without the statement; true when its role was denied a call and the step ended in that: the denial
 * stands in the execution's history, which tells nothing of functions beside the graph.
 */
export async function denied(world: World, { name, step, roleArn, index }: Declared): Promise<boolean> {
  const story = needs[name];
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
        /AccessDenied.*is not authorized to perform/.test(history))
    );
  } finally {
    putBack();
    await world.rest();
  }
}

/** Takes each statement away in turn, in several worlds at once; how many are not needed. */
async function takeAway(worlds: World[], wanted: string[]): Promise<number> {
  const names = declared(worlds[0]!).map(({ name }) => name);
  const queue = names.filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
  const total = queue.length;
  let missing = 0;
  const work = async (world: World) => {
    for (let name = queue.shift(); name; name = queue.shift()) {
      const ok = await denied(world, declared(world).find((statement) => statement.name === name)!);
      if (!ok) missing++;
      const story = needs[name] ?? 'used by no story';
      console.log(`${ok ? 'denied    ' : 'NOT NEEDED'} ${name} (${story})`);
    }
  };
  await Promise.all(worlds.map(work));
  console.log(`${total - missing} of ${total} statements are needed`);
  return missing;
}

const WORLDS = 2;

/** `npm run grants`: takes each statement away in turn; `-- --write` finds the story for each; `-- NAME` is for some. */
async function main(args: string[]): Promise<void> {
  const write = args.includes('--write');
  const worlds: World[] = [];
  try {
    while (worlds.length < (write ? 1 : WORLDS)) worlds.push(await startWorld());
    if (write) writeFileSync(FILE, `${JSON.stringify(await find(worlds[0]!), null, 2)}\n`);
    else process.exitCode = (await takeAway(worlds, args)) === 0 ? 0 : 1;
  } finally {
    for (const world of worlds) await world.close();
  }
}

// a suite imports it as well
if (process.argv[1] === __filename) void main(process.argv.slice(2));
