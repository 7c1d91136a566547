import { sayNo, sayYes } from '../../src/acts/answer';
import { pastsOf } from '../../src/acts/history';
import { goOn, holdStill } from '../../src/acts/pause';
import { endStep } from '../../src/acts/promote';
import { reportOn } from '../../src/acts/report';
import { startRollback } from '../../src/acts/rollback';
import { Refused, type Said } from '../../src/acts/said';
import { startDeployment } from '../../src/acts/start';
import { controlReader, controlWriter } from '../../src/aws/controls';
import {
  executionArn,
  executionDetails,
  executionInputs,
  executionLister,
  executionReader,
  executionStarter,
} from '../../src/aws/executions';
import { journalReader } from '../../src/aws/journal';
import { answering } from '../../src/aws/questions';
import { recordReader } from '../../src/aws/record';
import { workflow } from '../../src/aws/stack';
import { type Call, callOf } from '../../src/domain/api/call';
import { operations } from '../../src/domain/api/operations';
import { problem, type Response, response } from '../../src/domain/api/response';
import type { PageVerb } from '../../src/domain/page/actions';
import { redacted, redaction } from '../../src/domain/privacy/redaction';
import type { Environment } from '../../src/domain/step/port';
import { defineBackground } from '../../src/runtime/define-background';

/** What Step Functions remembers. Source: AWS Step Functions Developer Guide, quotas. */
const REMEMBERED_MS = 90 * 86_400_000;

const ACTS: Record<Exclude<PageVerb, 'rollback'>, typeof sayYes> = {
  approve: sayYes,
  reject: sayNo,
  pause: holdStill,
  resume: goOn,
  promote: endStep,
};

/** A deployment that runs, or has written anything. */
async function isKnown(workflow: Environment, deployment: string): Promise<boolean> {
  if ((await journalReader.open(workflow).rows(deployment)).length > 0) return true;
  return (await executionDetails.open(workflow).of(executionArn(workflow, deployment))) !== undefined;
}

/** The document to answer with; undefined where there is no such deployment. */
async function done(call: Call, workflow: Environment, now: Date): Promise<object | undefined> {
  switch (call.operation) {
    case 'start':
      return { deployment: call.name, ...(await startDeployment(workflow, call.name, call.request)) };
    case 'list': {
      const since = new Date(now.getTime() - REMEMBERED_MS);
      return { deployments: await pastsOf(workflow, { ...call, since }) };
    }
    case 'get':
      return reportOn(workflow, call.deployment);
  }
  if (!(await isKnown(workflow, call.deployment))) return undefined;
  const { operation, deployment, by, reason } = call;
  const said: Said = redacted({ deployment, by, reason }, redaction(workflow.redact));
  if (operation === 'rollback') return { deployment, ...(await startRollback(workflow, said)) };
  return (await ACTS[operation](workflow, said)).document;
}

/** The HTTP API. What it does is what the verbs of the command line do; who does it is the caller that IAM knows. */
export const serveApi = defineBackground({
  name: 'ServeApi',
  comment: 'Answers the HTTP API: starts, lists and reports deployments, and takes what callers say to them.',
  triggers: ['signedRequest'],
  uses: {
    ...{ workflow, answering, controlReader, controlWriter, journalReader, recordReader },
    ...{ executionDetails, executionInputs, executionLister, executionReader, executionStarter },
  },
  async run(event, { workflow }, now): Promise<Response> {
    const redact = redaction(workflow.redact);
    const read = callOf(event, now);
    if ('errors' in read) return problem(400, read.errors.join('; '), redact, read.errors);
    const { call } = read;
    try {
      const document = await done(call, workflow, now);
      if (document) return response(operations[call.operation].status, document, redact);
      return problem(
        404,
        'the journal has nothing of a deployment of that name; it is that of its execution',
        redact,
      );
    } catch (error) {
      if (error instanceof Refused) return problem(409, error.message, redact);
      throw error;
    }
  },
  tell: ({ statusCode }) => [{ decision: { statusCode } }],
});
