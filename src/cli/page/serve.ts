import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { findWorkflow } from '../../aws/workflow';
import { deploymentName } from '../../domain/request/resume';
import { shown } from '../../domain/text/printable';
import { isTerminal, print, remark } from '../print';
import { deploymentNamed, userName } from '../said';
import { UsageError } from '../usage-error';
import { type Channel, channel } from './channel';
import { deploymentLook, LOOK_MS, partsOf } from './deployment';
import { pageServer } from './http';
import { LIST_MS, listLook } from './list';
import { act, readSaid } from './said';

interface PageOptions {
  deployment?: string;
  workflow: string;
  port?: string;
  /** False: no browser is opened. */
  open: boolean;
  /** Ends when its standard input does, which is how a program that has started it ends it. */
  untilStdinCloses?: true;
  /** Where the page's files are; beside the command line, unless said. */
  files?: string;
}

/** Where it is again after a restart, so that a page that is open finds it. */
const PORT = 8460;

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65535) return Number(text);
  throw new UsageError(
    `expected --port N, a port from 0 to 65535, 0 for a free one, received ${shown(text)}`,
  );
}

/** Listens on the port that is asked for; on the usual one or, where somebody has that, on a free one. */
async function listen(server: Server, asked: number | undefined): Promise<number> {
  try {
    server.listen(asked ?? PORT, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    if (asked !== undefined) throw new Error(`port ${asked} is taken on this machine; choose another --port`);
    return listen(server, 0);
  }
  return (server.address() as AddressInfo).port;
}

/** Opens an address as the machine does; whoever has no browser reads the address. */
function openInBrowser(address: string): void {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', address]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', address]
        : ['xdg-open', address];
  spawn(program, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

const toEnd = (untilStdinCloses: boolean) =>
  new Promise<void>((resolve) => {
    // Ctrl-C reaches everybody: who has started this decides when it ends
    process.on('SIGINT', untilStdinCloses ? () => {} : () => resolve());
    process.once('SIGTERM', () => resolve());
    if (untilStdinCloses) process.stdin.resume().once('end', () => resolve());
  });

/** Serves the page until Ctrl-C. */
export async function page(options: PageOptions): Promise<number> {
  const { workflow: stack } = options;
  const deployment = options.deployment === undefined ? undefined : deploymentNamed(options.deployment);
  const port = options.port === undefined ? undefined : portOf(options.port);
  const workflow = await findWorkflow(stack);

  const all = listLook(workflow, stack);
  const list = channel(all.look, LIST_MS);
  const looks = new Map<string, { channel: Channel; hurry(): void }>();
  const lookOf = (name: string) => {
    // no name of anybody's invention is asked for again and again
    if (!deploymentName.safeParse(name).success)
      throw new UsageError(`expected a deployment, received ${shown(name)}`);
    const known = looks.get(name);
    if (known) return known;
    const { look, hurry } = deploymentLook(workflow, stack, name);
    const made = { channel: channel((tell) => look((looked) => tell(partsOf(looked))), LOOK_MS), hurry };
    looks.set(name, made);
    return made;
  };

  const server = pageServer({
    files: options.files ?? join(__dirname, 'page'),
    list: () => list,
    deployment: (name) => lookOf(name).channel,
    about: { stack, user: userName() },
    async act(body) {
      const said = readSaid(body);
      if (!said) throw new UsageError('expected {"verb", "deployment", "by", "reason"}');
      const text = await act(workflow, stack, said);
      looks.get(said.deployment)?.hurry();
      return text;
    },
  });
  const end = toEnd(options.untilStdinCloses ?? false);
  const address = `http://127.0.0.1:${await listen(server, port)}/${deployment === undefined ? '' : `#${deployment}`}`;
  print(`the page of ${stack} is at ${address}`);
  if (!options.untilStdinCloses) remark('Ctrl-C ends it, and no deployment');
  if (options.open && isTerminal() && !options.untilStdinCloses) openInBrowser(address);
  await end;
  server.close();
  server.closeAllConnections();
  return 0;
}
