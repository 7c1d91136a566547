import type { Cloud } from '../../local/cloud';
import { main } from '../../src/cli';
import type { World } from './world';

/** What a command line printed, and its exit code. */
export interface Printed {
  code: number;
  out: string;
  error: string;
}

/** Runs `greenlight <args>` in this process against the world's cloud, with the example's stack as the workflow. */
export const greenlight = ({ cloud }: World, ...args: string[]): Promise<Printed> =>
  typed(cloud, ...args, '--workflow', 'Shop');

/** Runs `greenlight <args>` in this process against a cloud. */
export async function typed(cloud: Pick<Cloud, 'endpoint' | 'region'>, ...args: string[]): Promise<Printed> {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_REGION: cloud.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  const lines = { log: [] as string[], error: [] as string[] };
  const spies = (['log', 'error'] as const).map((stream) =>
    jest
      .spyOn(console, stream)
      .mockImplementation((...line: unknown[]) => void lines[stream].push(line.join(' '))),
  );
  try {
    const code = await main(args);
    return { code, out: lines.log.join('\n'), error: lines.error.join('\n') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
