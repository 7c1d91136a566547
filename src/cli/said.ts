import { userInfo } from 'node:os';
import * as z from 'zod/mini';
import type { Said, Told } from '../acts/said';
import { findWorkflow } from '../aws/workflow';
import { redacted, redaction } from '../domain/privacy/redaction';
import { deploymentName } from '../domain/request/resume';
import type { Environment } from '../domain/step/port';
import { shown } from '../domain/text/printable';
import { why, words } from '../domain/text/schemas';
import { print } from './print';
import { UsageError } from './usage-error';

/** What a verb is given that says something to one deployment. */
export interface SayOptions {
  deployment: string;
  /** The stack. */
  workflow: string;
  reason: string;
  by?: string;
  json?: true;
}

const saidSchema = z.object({ by: words(200, 'who says so'), reason: why('WHY') });

/** A deployment's id as somebody typed it. Throws UsageError. */
export function deploymentNamed(text: string): string {
  if (deploymentName.safeParse(text).success) return text;
  throw new UsageError(`expected a deployment, the name of its execution, received ${shown(text)}`);
}

/** Who is at work on this machine. */
export const userName = (): string => process.env.USER ?? userInfo().username;

/** Who says so, and why. Throws UsageError for what the journal cannot keep. */
export function whoAndWhy({ by = userName(), reason }: Pick<SayOptions, 'by' | 'reason'>) {
  const said = saidSchema.safeParse({ by, reason });
  if (said.success) return said.data;
  throw new UsageError(
    said.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('; '),
  );
}

/** Who says what to which deployment. Throws UsageError. */
export const saidBy = (options: SayOptions): Said => ({
  ...whoAndWhy(options),
  deployment: deploymentNamed(options.deployment),
});

/** A verb that says something to one running deployment; `act` throws one clear error where that is not possible. */
export const saying =
  (act: (workflow: Environment, said: Said) => Promise<Told>) =>
  async (options: SayOptions): Promise<number> => {
    const said = saidBy(options);
    const workflow = await findWorkflow(options.workflow);
    const { text, document } = await act(workflow, redacted(said, redaction(workflow.redact)));
    print(options.json ? JSON.stringify(document, null, 2) : text);
    return 0;
  };
