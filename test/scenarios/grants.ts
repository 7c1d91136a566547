import { beside } from '../../lambdas';
import { stories } from './stories';
import { startWorld, type World } from './world';

/** One statement of one step's role, and a story that needs it. */
export interface Need {
  step: string;
  sid: string;
  roleArn: string;
  index: number;
  story?: string;
  /** How that story ends with all grants. */
  outcome?: string;
}

/** The statements that steps declare; what Lambda itself needs (logs, traces, network interfaces) has no step to fail. */
function declared(world: World): Need[] {
  return world.cloud.services.iam.roles().flatMap((role) => {
    const [, step] = /Greenlight(\w+?)Role[0-9A-F]{8}/.exec(role.name) ?? [];
    if (!step) return [];
    return role.statements
      .filter(({ statement }) => statement.Sid && statement.Sid !== 'NetworkInterfaces')
      .map(({ index, statement }) => ({ step, sid: String(statement.Sid), roleArn: role.arn, index }));
  });
}

/** Plays every story once, and finds for each declared statement the first story that used it. */
export async function needs(world: World): Promise<Need[]> {
  const found = declared(world);
  for (const [story, play] of Object.entries(stories)) {
    const { outcome } = await play(world);
    for (const { roleArn, index } of world.cloud.services.iam.used()) {
      const need = found.find((candidate) => candidate.roleArn === roleArn && candidate.index === index);
      if (need && !need.story) Object.assign(need, { story, outcome });
    }
    await world.rest();
  }
  return found;
}

/**
 * Plays the story without the statement; true when the denial stands in the execution's history. No history tells of a
 * function beside the graph: without it the story ends otherwise.
 */
export async function denied(world: World, need: Need): Promise<boolean> {
  if (!need.story) return false;
  const putBack = world.cloud.services.iam.removeStatement(need.roleArn, need.index);
  try {
    const { events, outcome } = await stories[need.story]!(world);
    const history = JSON.stringify(events);
    const told = /AccessDenied/.test(history) && /is not authorized to perform/.test(history);
    return told || (beside.some(({ name }) => name === need.step) && outcome !== need.outcome);
  } finally {
    putBack();
    await world.rest();
  }
}

/** `npm run grants`: takes each statement away in turn. */
async function main(): Promise<void> {
  const world = await startWorld();
  let missing = 0;
  try {
    const all = await needs(world);
    for (const need of all) {
      const ok = await denied(world, need);
      if (!ok) missing++;
      console.log(
        `${ok ? 'denied    ' : 'NOT NEEDED'} ${need.step} ${need.sid} (${need.story ?? 'used by no story'})`,
      );
    }
    console.log(`${all.length - missing} of ${all.length} statements are needed`);
  } finally {
    await world.close();
  }
  process.exitCode = missing === 0 ? 0 : 1;
}

if (require.main === module) void main();
