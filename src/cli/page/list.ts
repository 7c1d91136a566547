import { executionLister } from '../../aws/executions';
import { journalReader } from '../../aws/journal';
import { pastOf } from '../../domain/report/history';
import { statusOf } from '../../domain/report/status';
import type { Environment } from '../../domain/step/port';
import { servicesOf } from '../services';
import { standingOf } from '../status';
import type { Parts, Send } from './channel';

export const LIST_MS = 1000;
const SERVICES_MS = 3000;
/** So many deployments are listed, the newest. */
const MOST = 1000;
/** So many journals are read at the same time, and at one look. */
const [AT_ONCE, AT_A_LOOK] = [8, 80];

/** What goes on with a deployment has no journal of its own. */
const RESUMES = /-(recover|rollback)-\d+$/;

interface Listed {
  status: string;
  began: string;
  /** The journal was read for this status; of one that runs it is read again. */
  read: boolean;
}

/** What a look at all deployments and services tells. */
export function listLook(workflow: Environment, stack: string) {
  const lister = executionLister.open(workflow);
  const journal = journalReader.open(workflow);
  const known = new Map<string, Listed>();
  const due = { services: 0 };

  async function lookForNew(): Promise<Parts> {
    const parts: Parts = {};
    let count = 0;
    // all of them once, and then the newest
    const pageSize = known.size === 0 ? MOST : 100;
    for await (const { name, startedAt, status } of lister.newest(pageSize)) {
      if (count++ >= pageSize) break;
      const before = known.get(name);
      if (before?.status === status) continue;
      known.set(name, { status, began: startedAt, read: false });
      if (!before && !RESUMES.test(name))
        parts[`deployment ${name}`] = { deployment: name, began: startedAt, outcome: status };
    }
    return parts;
  }

  async function readOne(name: string, listed: Listed): Promise<Parts> {
    const rows = await journal.rows(name);
    listed.read = listed.status !== 'RUNNING';
    if (rows.length === 0) return {};
    return { [`deployment ${name}`]: pastOf(name, rows, listed.status) };
  }

  async function readSome(tell: Send): Promise<void> {
    const unread = [...known].filter(([, { read }]) => !read).slice(0, AT_A_LOOK);
    for (let at = 0; at < unread.length; at += AT_ONCE) {
      const some = unread.slice(at, at + AT_ONCE).map(([name, listed]) => readOne(name, listed));
      tell(Object.assign({}, ...(await Promise.all(some))));
    }
  }

  return {
    async look(tell: Send): Promise<void> {
      tell(await lookForNew());
      if (Date.now() >= due.services) {
        due.services = Date.now() + SERVICES_MS;
        const services = [];
        for (const settings of await servicesOf(workflow, undefined))
          services.push(statusOf(await standingOf(workflow, stack, settings)));
        tell({ services });
      }
      await readSome(tell);
    },
  };
}
