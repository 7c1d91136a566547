import { about, type Finding } from './finding';

/** A function of the workflow, as Lambda has it. */
export interface FunctionSeen {
  /** ARN, as the graph calls it. */
  arn: string;
  /** Undefined where it is not there. */
  state: { state: string; reason: string; lastUpdate: string } | undefined;
}

/** Whom an alarm of the workflow tells, as Amazon CloudWatch has it. */
export interface AlarmActions {
  name: string;
  /** ARNs. */
  actions: readonly string[];
  enabled: boolean;
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

/**
 * The alarms that go off for nobody, together by why.
 * @param names of the workflow's alarms
 * @param seen those that are there
 * @param silent topics whose messages nobody hears
 */
export function alarmFindings(
  names: readonly string[],
  seen: readonly AlarmActions[],
  silent: readonly string[],
): Finding[] {
  const telling = (found: readonly string[], because: string): Finding[] =>
    found.length === 0 ? [] : [people.risks(`nobody would hear the alarm ${found.join(', ')}: ${because}`)];
  const those = (holds: (alarm: AlarmActions) => boolean) => seen.filter(holds).map(({ name }) => name);
  const isSilent = ({ actions }: AlarmActions) => actions.every((action) => silent.includes(action));
  return [
    ...telling(
      names.filter((name) => !seen.some((alarm) => alarm.name === name)),
      "it is not there; deploy the workflow's stack again",
    ),
    ...telling(
      those(({ enabled }) => !enabled),
      'its actions are disabled; enable them with aws cloudwatch enable-alarm-actions',
    ),
    ...telling(
      those(({ enabled, actions }) => enabled && actions.length === 0),
      "it has no action; name a topic in the alarms of the workflow's construct",
    ),
    ...telling(
      those((alarm) => alarm.enabled && alarm.actions.length > 0 && isSilent(alarm)),
      'nobody has subscribed, and confirmed, to the topics that it tells; subscribe with aws sns subscribe',
    ),
  ];
}

/** What is wrong with the functions of the graph. */
export const functionFindings = (functions: readonly FunctionSeen[]): Finding[] =>
  functions.flatMap(functionFinding);
