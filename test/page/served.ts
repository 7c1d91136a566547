import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { channel, type Parts, type Send } from '../../src/cli/page/channel';
import { pageServer } from '../../src/cli/page/http';
import { madePage } from './chromium';

/** The page's own server, fed with what a test tells it instead of what AWS says. */
export async function startServed(list: Parts, deployments: Record<string, Parts>) {
  const { files, remove } = madePage();
  const done: unknown[] = [];
  const tells = new Map<string, Send>();
  const channels = new Map<string, ReturnType<typeof channel>>();
  const channelOf = (name: string, parts: Parts) => {
    const known = channels.get(name);
    if (known) return known;
    const made = channel(async (tell) => {
      tells.set(name, tell);
      tell(parts);
    }, 3_600_000);
    channels.set(name, made);
    return made;
  };
  const make = async (port: number) => {
    const server = pageServer({
      files,
      list: () => channelOf('', list),
      deployment: (name) => channelOf(name, deployments[name] ?? {}),
      act: async (body) => {
        done.push(body);
        return 'it is done';
      },
      about: { stack: 'Shop', user: 'ann' },
    });
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return server;
  };
  let server = await make(0);
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.close();
    server.closeAllConnections();
    channels.clear();
  };
  return {
    address: `http://127.0.0.1:${port}/`,
    done,
    /** Something of a deployment has changed. */
    tell: (name: string, parts: Parts) => tells.get(name)?.(parts),
    stop,
    /** At the same address, with nothing remembered. */
    restart: async () => {
      server = await make(port);
    },
    close() {
      stop();
      remove();
    },
  };
}
