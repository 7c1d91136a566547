import { Execution, virtualClock } from '../../local/asl';
import { ITERATIONS, LOOPS, type Loop, STATES_PER_ITERATION } from './loops';

/** Prints how many states a second a build's interpreter goes through that do no work, by the loop's name. */
const REPETITIONS = 5;

async function transitionsPerSecond({ definition, input, perform }: Loop): Promise<number> {
  const execution = new Execution({
    definition,
    input,
    clock: virtualClock(),
    perform,
    context: {
      executionArn: 'arn:aws:states:us-east-1:111111111111:execution:loop:run',
      name: 'run',
      roleArn: 'arn:aws:iam::111111111111:role/loop',
      stateMachineArn: 'arn:aws:states:us-east-1:111111111111:stateMachine:loop',
      stateMachineName: 'loop',
    },
  });
  const started = performance.now();
  const outcome = await execution.run();
  if (outcome.status !== 'SUCCEEDED') throw new Error(`the loop ended ${outcome.status}`);
  return (ITERATIONS * STATES_PER_ITERATION * 1_000) / (performance.now() - started);
}

async function median(loop: Loop): Promise<number> {
  await transitionsPerSecond(loop);
  const measured: number[] = [];
  for (let i = 0; i < REPETITIONS; i++) measured.push(await transitionsPerSecond(loop));
  return measured.sort((a, b) => a - b)[Math.floor(REPETITIONS / 2)]!;
}

async function main(): Promise<void> {
  const figures: Record<string, number> = {};
  for (const [name, loop] of Object.entries(LOOPS)) figures[name] = await median(loop);
  console.log(JSON.stringify(figures));
}

void main();
