import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Peer } from '../frame/row';
import { startOrigin, steadyLoad } from './programs';

/** Debian's is not in everybody's path. */
const PROGRAMS = ['nginx', '/usr/sbin/nginx'];

/** The headers and the kept connections of a load balancer, and otherwise the defaults. */
const configuration = (folder: string, port: number, originPort: number) => `
worker_processes 1;
daemon off;
pid ${folder}/pid;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  keepalive_requests 100000000;
  upstream origin {
    server 127.0.0.1:${originPort};
    keepalive 256;
    keepalive_requests 100000000;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://origin;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Port $server_port;
    }
  }
}
`;

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => setTimeout(resolve, 20, false));
  });

interface Nginx {
  port: number;
  stop(): Promise<void>;
}

/** Runs its arguments until its input ends: nothing is left behind by a bench that was killed. */
const UNTIL_INPUT_ENDS = '"$@" & cat > /dev/null; kill $!; wait $!';
const PATIENCE_MS = 5_000;

const installed = () => PROGRAMS.find((name) => spawnSync(name, ['-v']).status === 0);

/** One nginx worker before the origin. Rejects when it does not start. */
async function startNginx(originPort: number): Promise<Nginx> {
  const program = installed() ?? 'nginx';
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-nginx-'));
  const port = await freePort();
  const file = path.join(folder, 'nginx.conf');
  writeFileSync(file, configuration(folder, port, originPort));
  const command = [program, '-p', folder, '-e', 'stderr', '-c', file];
  const child = spawn('sh', ['-c', UNTIL_INPUT_ENDS, 'sh', ...command], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const stop = async () => {
    const stopped = once(child, 'exit');
    child.stdin.end();
    await stopped;
    rmSync(folder, { recursive: true });
  };
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await answers(port))) {
    if (Date.now() < deadline) continue;
    await stop();
    throw new Error(`nginx does not answer after ${PATIENCE_MS / 1_000} s; see its messages above`);
  }
  return { port, stop };
}

/** The same load by way of nginx (Debian: nginx-light). */
export const nginx: Peer = {
  name: 'nginx',
  version() {
    const program = installed();
    return program && /nginx\/(\S+)/.exec(spawnSync(program, ['-v'], { encoding: 'utf8' }).stderr)?.[1];
  },
  async sample() {
    const origin = await startOrigin('quick-origin');
    const own = await startNginx(origin.port);
    try {
      const { answered, seconds, p50, p99 } = await steadyLoad(own.port);
      return { perSecond: answered / seconds, p50, p99 };
    } finally {
      await own.stop();
      origin.child.kill('SIGKILL');
    }
  },
};
