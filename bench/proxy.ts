import { type Balancer, DRAIN_SECONDS, startBalancer } from './proxy/balancer';
import { startNginx } from './proxy/nginx';
import { type Load, load, startOrigin } from './proxy/programs';

interface Figure {
  name: string;
  value: number;
  unit: string;
}

const ROUNDS = 9;
const SECONDS = 1;
const CONNECTIONS = 64;
const SHIFTS = [
  [90, 10],
  [50, 50],
  [10, 90],
  [0, 100],
] as const;
const SHIFT_MS = 1_500;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const rounded = (value: number) => Number(value.toFixed(2));

/** The loads of all rounds by what stands at each port, one after the other in every round: what slows one slows all. */
async function interleaved<Name extends string>(ports: Record<Name, number>): Promise<Record<Name, Load[]>> {
  const names = Object.keys(ports) as Name[];
  const loads = Object.fromEntries(names.map((name) => [name, [] as Load[]])) as Record<Name, Load[]>;
  for (let round = 0; round < ROUNDS; round++)
    for (const name of names) loads[name].push(await load(ports[name], CONNECTIONS, SECONDS));
  return loads;
}

function figuresOf(name: string, loads: Load[]): Figure[] {
  const of = (value: (load: Load) => number) => median(loads.map(value));
  return [
    {
      name: `${name}, ${CONNECTIONS} connections`,
      value: Math.round(of(({ answered, seconds }) => answered / seconds)),
      unit: 'requests/s',
    },
    { name: `${name}, median`, value: rounded(of(({ p50 }) => p50)), unit: 'ms' },
    { name: `${name}, 99th percentile`, value: rounded(of(({ p99 }) => p99)), unit: 'ms' },
  ];
}

/** The load balancer's figures as multiples of nginx's in the same round. */
function against(nginx: Load[], own: Load[]): Figure[] {
  const times = (value: (load: Load) => number) =>
    rounded(median(own.map((load, round) => value(load) / value(nginx[round]!))));
  return [
    { name: 'load balancer, requests/s', value: times(({ answered }) => answered), unit: "of nginx's" },
    { name: 'load balancer, 99th percentile', value: times(({ p99 }) => p99), unit: "of nginx's" },
  ];
}

/** How many requests a second pass, beside an nginx of one worker where there is one. */
async function throughput(): Promise<Figure[]> {
  const origin = await startOrigin('quick-origin');
  const balancer = await startBalancer([origin.port, origin.port]);
  const nginx = await startNginx(origin.port);
  try {
    const ports = { own: balancer.port, origin: origin.port };
    if (!nginx) {
      console.error('nginx is absent; install it (Debian: nginx-light) to measure it in the same run');
      const { own, origin } = await interleaved(ports);
      return [...figuresOf('load balancer', own), ...figuresOf('origin alone', origin)];
    }
    const { own, origin: alone, nginx: other } = await interleaved({ ...ports, nginx: nginx.port });
    return [
      ...figuresOf('load balancer', own),
      ...figuresOf('nginx', other),
      ...figuresOf('origin alone', alone),
      ...against(other, own),
    ];
  } finally {
    await nginx?.stop();
    await balancer.close();
    origin.child.kill('SIGKILL');
  }
}

async function moving(balancer: Balancer, stopBlue: () => void): Promise<Load> {
  const seconds = (SHIFTS.length * SHIFT_MS) / 1_000 + DRAIN_SECONDS + 2;
  const loads = load(balancer.port, CONNECTIONS, seconds, 0.25);
  for (const weights of SHIFTS) {
    await sleep(SHIFT_MS);
    balancer.shift(weights);
  }
  await balancer.drainBlue();
  stopBlue();
  return loads;
}

/** What is lost while traffic moves from side to side, and the old side drains and stops. */
async function shifts(): Promise<Figure[]> {
  const [blue, green] = [await startOrigin('origin'), await startOrigin('origin')];
  const balancer = await startBalancer([blue.port, green.port]);
  try {
    const { answered, lost } = await moving(balancer, () => blue.child.kill('SIGTERM'));
    return [
      { name: 'requests during shifts, draining and stop', value: answered + lost, unit: 'requests' },
      { name: 'requests lost during shifts, draining and stop', value: lost, unit: 'requests' },
    ];
  } finally {
    await balancer.close();
    for (const { child } of [blue, green]) child.kill('SIGKILL');
  }
}

/** The load balancer: how much it passes on, and what it loses while traffic moves. */
export async function bench(): Promise<Figure[]> {
  return [...(await throughput()), ...(await shifts())];
}
