import { execution } from '../../test/graph/journey';

/** Prints the states that a canary with migrations enters, as a build's own graph and interpreter have it. */
async function main(): Promise<void> {
  const { end, entered } = await execution({ strategy: 'CANARY', bakeSeconds: 600 });
  if (end !== 'DeploymentSucceeded') throw new Error(`the canary ended ${end}`);
  console.log(JSON.stringify(entered));
}

void main();
