import { Execution, validateDefinition, virtualClock } from '../../local/asl';
import { recordedTasks } from './lambdas';
import { type Ending, type Recording, statesEntered } from './recording';

/** Runs a recording's machine on its input. `REFUSED`, `CRASHED` and `HUNG` are endings like others. */
export type Interpreter = (recording: Recording) => Promise<Ending>;

const HANG_MS = 20_000;

/** The ending, or `HUNG` when there is none for 20 seconds. */
export async function unlessHung(ending: Promise<Ending>): Promise<Ending> {
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<Ending>((resolve) => {
    timer = setTimeout(() => resolve({ status: 'HUNG' }), HANG_MS);
  });
  return Promise.race([ending, hang]).finally(() => clearTimeout(timer));
}

/** What the machine and its execution are called. */
export const machine = {
  executionArn: 'arn:aws:states:us-east-1:111111111111:execution:machine:run',
  name: 'run',
  roleArn: 'arn:aws:iam::111111111111:role/machine',
  stateMachineArn: 'arn:aws:states:us-east-1:111111111111:stateMachine:machine',
  stateMachineName: 'machine',
};

/** The local cloud's own, on a virtual clock. */
export const localCloud: Interpreter = async (recording) => {
  const clock = virtualClock();
  const { definition, input } = recording;
  const problems = validateDefinition(definition);
  if (problems.length > 0) return { status: 'REFUSED', error: problems.join('; ') };
  const execution = new Execution({
    definition,
    input,
    clock,
    perform: recordedTasks(recording, clock),
    context: machine,
  });
  const states = () => statesEntered(execution.history);
  try {
    const ending: Ending = await unlessHung(execution.run());
    return { ...ending, states: states() };
  } catch (error) {
    return { status: 'CRASHED', error: String(error), states: states() };
  }
};
