import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { DeleteObjectCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { App } from 'aws-cdk-lib';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import { ShopStack } from '../../../lib/example/shop-stack';
import type { BlueGreenService } from '../../../lib/service/blue-green-service';
import type { DeploymentWorkflow } from '../../../lib/workflow/workflow';
import { githubRunner } from '../../examples/pipelines/runner';
import { startWorld } from '../world';
import { startHost } from './host';
import { repositoryIn } from './repository';
import { printedPipelines } from './roles';

/** The example with the pipelines' roles beside it, as docs/aws.md prints them, and a rule for pushed images. */
function assembly(place: string): string {
  const outdir = join(place, 'assembly');
  const app = new App({ outdir, builtinCloudFormationValidation: false, treeMetadata: false });
  const shop = new ShopStack(app, 'Shop');
  const child = (id: string) => shop.node.findChild(id) as unknown;
  const workflow = child('Greenlight') as DeploymentWorkflow;
  const service = child('Shop') as BlueGreenService;
  workflow.startOnPush('OnRelease', { service, tags: ['release-*'] });
  const Pipelines = printedPipelines();
  new Pipelines(app, 'Pipelines', workflow, child('Repository') as IRepository);
  app.synth();
  return outdir;
}

/** A team's repository, the host of its pipelines, and the cloud that they release to. */
export async function startPipelines() {
  const place = mkdtempSync(join(tmpdir(), 'greenlight-pipelines-'));
  const repository = repositoryIn(place);
  const host = await startHost();
  const world = await startWorld({ rate: 100, assembly: assembly(place) });
  const roleOf = (pipeline: string) => world.cloud.outputs[`${pipeline}Role`]!;
  /** What a runner has once its role is assumed; in the local cloud a role's key has the role's name. */
  const environmentOf = (pipeline: string) => ({
    PATH: process.env.PATH ?? '',
    HOME: place,
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
    AWS_ENDPOINT_URL: world.cloud.endpoint,
    AWS_REGION: world.cloud.region,
    AWS_ACCESS_KEY_ID: roleOf(pipeline).split('/').at(-1)!,
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  return {
    ...{ repository, host, world, roleOf, environmentOf, runner: githubRunner(place) },

    async digestOf(imageTag: string): Promise<string> {
      const { imageDetails } = await new ECRClient(world.aws).send(
        new DescribeImagesCommand({ repositoryName: 'shop', imageIds: [{ imageTag }] }),
      );
      return imageDetails?.[0]?.imageDigest ?? '';
    },

    /** The manifest of a release, which a pipeline has to write: those of the world are taken away. */
    manifestOf(digest: string) {
      const [, Bucket, prefix] = /^s3:\/\/([^/]+)\/(.+)$/.exec(world.settings.migrations.manifests) ?? [];
      const s3 = new S3Client({ ...world.aws, forcePathStyle: true });
      const object = { Bucket, Key: `${prefix}/${digest.replace('sha256:', '')}.json` };
      return {
        remove: () => s3.send(new DeleteObjectCommand(object)),
        read: async () => {
          const { Body } = await s3.send(new GetObjectCommand(object));
          return JSON.parse((await Body?.transformToString()) ?? '') as { migrations: { id: string }[] };
        },
      };
    },

    /** Runs a program in the repository; what it says on both streams. */
    ran: (command: string, args: string[], env: Record<string, string>) =>
      new Promise<{ code: number | null; out: string }>((resolve) => {
        const child = spawn(command, args, { cwd: repository.folder, env });
        let out = '';
        for (const stream of [child.stdout, child.stderr])
          stream.setEncoding('utf8').on('data', (text) => {
            out += text;
          });
        child.on('close', (code) => resolve({ code, out }));
      }),

    async close() {
      await world.close();
      await host.close();
      rmSync(place, { recursive: true, force: true });
    },
  };
}
export type Pipelines = Awaited<ReturnType<typeof startPipelines>>;
