import { startRollback } from '../acts/rollback';
import { journalReader } from '../aws/journal';
import { findWorkflow } from '../aws/workflow';
import { type SayOptions, saidBy } from './said';
import { exitCodeOf, watched } from './watched';

export async function rollback(options: SayOptions): Promise<number> {
  const said = saidBy(options);
  const workflow = await findWorkflow(options.workflow);
  const { deployment } = said;
  const told = (await journalReader.open(workflow).rows(deployment)).length;
  const { execution } = await startRollback(workflow, said);
  const { workflow: stack, json } = options;
  const end = await watched(workflow, { deployment, execution, stack, json, told, back: true });
  return exitCodeOf(end, 'RolledBack');
}
