import { about, type Finding } from './finding';

/** A function of the workflow, as Lambda has it. */
export interface FunctionSeen {
  /** ARN, as the graph calls it. */
  arn: string;
  /** Undefined where it is not there. */
  state: { state: string; reason: string; lastUpdate: string } | undefined;
}

const people = about('people');
const functions = about('functions');

function functionFinding({ arn, state: seen }: FunctionSeen): Finding[] {
  if (!seen)
    return [functions.stops(`function ${arn} of the graph is not there; deploy the workflow's stack again`)];
  const { state, reason, lastUpdate } = seen;
  const because = reason ? ` (${reason})` : '';
  if (state === 'Failed' || lastUpdate === 'Failed')
    return [
      functions.stops(
        `function ${arn} cannot be called: ${state === 'Failed' ? 'it' : 'its last update'} has failed${because}; mend what Lambda says and deploy the workflow's stack again`,
      ),
    ];
  if (state === 'Inactive')
    return [
      functions.risks(
        `function ${arn} sleeps${because}, and its next call fails until its network interface is back; the graph waits for that, and the workflow's schedule keeps its functions awake: see that it is enabled`,
      ),
    ];
  return [];
}

/**
 * Whether anybody would hear of a deployment that needs an operator.
 * @param topic ARN of the workflow's topic
 * @param listeners how many have confirmed that they want to hear of it, and how many were asked
 */
export const hearingFindings = (
  topic: string,
  { confirmed, asked }: { confirmed: number; asked: number },
): Finding[] =>
  confirmed > 0
    ? []
    : [
        people.risks(
          `nobody would hear when a deployment needs an operator: ${asked > 0 ? `none of the ${asked} that were asked has confirmed` : `nobody is subscribed to ${topic}`}; subscribe with aws sns subscribe, and confirm`,
        ),
      ];

/** What is wrong with the functions of the graph. */
export const functionFindings = (functions: readonly FunctionSeen[]): Finding[] =>
  functions.flatMap(functionFinding);
