import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { failuresFromNow, interrupted } from './bad-days/day';
import { type Images, imagesOf } from './bad-days/images';
import { type Orders, startOrders } from './orders';
import { startWorld, type World } from './world';

jest.setTimeout(240_000);

/** Waits for its lock, so that the disk can be filled under it. */
const WAITING = 'alter table orders add column remark';
const release = (statement: string) =>
  `-- migrate:up\n${WAITING} text;\n${statement};\n\n-- migrate:down\nalter table orders drop column remark;\n`;
const MB = 1024 * 1024;

/** A file system of its own is only for root. */
function mounted(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'greenlight-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1g,mode=0755', 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
}

const disk = mounted();
const onDisk = disk ? it : it.skip;

let images: Images;
let world: World;
let orders: Orders;
beforeAll(async () => {
  images = imagesOf([], {
    // no log is written for it, so the table's own file is the first that finds no room
    'fills-data': release('create unlogged table archive as select generate_series(1, 4000000) as n'),
    'fills-log': release(
      "select count(pg_logical_emit_message(true, 'archive', repeat('x', 1000000))) from generate_series(1, 600)",
    ),
  });
  world = await startWorld({ rate: 60, patience: 10, images: images.file, directory: disk });
  orders = startOrders(world.url, 30);
});
afterAll(async () => {
  await orders?.stop();
  await world?.close();
  rmSync(images.folder, { recursive: true, force: true });
  if (disk) {
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true });
  }
});

/** What the migration tool printed, in its log group. */
async function printed(): Promise<string> {
  const logs = new CloudWatchLogsClient(world.aws);
  const { logGroups } = await logs.send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix: 'Shop-MigrationTaskLogs' }),
  );
  const { events = [] } = await logs.send(
    new FilterLogEventsCommand({ logGroupName: logGroups?.[0]?.logGroupName }),
  );
  return events.map(({ message }) => message).join('\n');
}

/** Leaves so many bytes free; the result gives the rest back. */
function fill(folder: string, free: number): () => void {
  const file = join(folder, 'ballast');
  const { bavail, bsize } = statfsSync(folder);
  // at once: the migration waits for its lock for 5 s only
  execFileSync('fallocate', ['-l', String(bavail * bsize - free), file]);
  return () => rmSync(file);
}

async function played(
  image: string,
  strike: (pid: number) => void,
  after: () => Promise<void> = async () => {},
) {
  const before = await world.schema();
  const letGo = await world.holdLock('orders');
  const ended = await interrupted(world, { image, accept: ['20270101000000'] }, WAITING, async ({ pid }) => {
    strike(pid);
    await letGo();
    await after();
  });
  expect([ended.outcome, ended.cause]).toEqual(['RolledBack', expect.stringContaining('schema as before')]);
  expect(await world.schema()).toEqual(before);
  expect(await world.serving()).toEqual(['v1']);
  expect(await orders.missing(world)).toEqual([]);
  return ended;
}

/** Lowers how large a file a process may write, as its own user; util-linux. */
function limitFiles(pid: number, bytes: number): void {
  const { uid, gid } = statSync(`/proc/${pid}`);
  const owner = process.getuid?.() === 0 ? { uid, gid } : {};
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`], { ...owner, cwd: '/' });
}
const onLinux = existsSync('/usr/bin/prlimit') ? it : it.skip;

onLinux('leaves nothing when the server may write no file as large as the migration needs', async () => {
  await played('shop:fills-data', (pid) => limitFiles(pid, 32 * MB));
  expect(await printed()).toContain('File too large');
});

onDisk('leaves nothing when the disk is full of data, and the shop goes on', async () => {
  let giveBack = () => {};
  const failed = orders.failed();
  await played('shop:fills-data', () => {
    giveBack = fill(disk!, 60 * MB);
  });
  expect(await printed()).toContain('No space left on device');
  expect(orders.failed()).toBe(failed);
  giveBack();
});

onDisk(
  'leaves nothing when the disk is full of the log, which the server does not survive, and room is made',
  async () => {
    let giveBack = () => {};
    await played(
      'shop:fills-log',
      () => {
        giveBack = fill(disk!, 8 * MB);
      },
      async () => {
        while (
          await world.query('SELECT 1').then(
            () => true,
            () => false,
          )
        )
          await new Promise((resolve) => setTimeout(resolve, 20));
        giveBack();
      },
    );
    expect(await failuresFromNow(orders)).toBe(0);
  },
);
