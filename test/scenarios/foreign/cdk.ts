import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cloud } from '../../../local/cloud';

const PROGRAM = join(__dirname, '..', '..', '..', 'node_modules', 'aws-cdk', 'bin', 'cdk');

export interface Cdk {
  /** The CDK's own command line, unchanged; `environment` is what the app's has beside AWS. */
  run(args: readonly string[], environment?: Record<string, string>): Promise<{ code: number; said: string }>;
  /** Removes what it has kept for itself. */
  forget(): void;
}

/** How somebody runs it in the folder of an app, with nothing set but where AWS is and who asks. */
export function cdkIn(folder: string, app: string, cloud: Cloud): Cdk {
  const home = mkdtempSync(join(tmpdir(), 'cdk-'));
  const own = {
    PATH: process.env.PATH,
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_REGION: cloud.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    CDK_DISABLE_CLI_TELEMETRY: '1',
    CDK_HOME: home,
    HOME: home,
  };
  return {
    run: (args, environment = {}) => {
      const all = [PROGRAM, ...args, '--no-notices', '--app', app, '--output', join(home, 'cdk.out')];
      const options = { cwd: folder, env: { ...own, ...environment }, maxBuffer: 1 << 26 };
      return new Promise((resolve) => {
        execFile(process.execPath, all, options, (error, stdout, stderr) =>
          resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr }),
        );
      });
    },
    forget: () => rmSync(home, { recursive: true, force: true }),
  };
}
