import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { main } from '../../../src/cli';
import type { ToolName } from '../../../src/domain/migrations/types';
import { MACHINE, TOOLS } from '../../migrations/command';
import type { RealTool } from '../../migrations/real-tools';
import type { World } from '../world';

const root = join(__dirname, '..', '..', '..');
const PROJECTS = join(root, 'test', 'migrations', 'projects');
const SHOP = join(root, 'examples', 'shop');

/** Takes as long as the table `pace` says, so that the very same release is slow once and quick the next time. */
const PACE = '(SELECT seconds FROM pace)';

function write(folder: string, files: Record<string, string | ((before: string) => string)>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : content(readFileSync(file, 'utf8')));
  }
}

export interface Images {
  /** The image map: the shop's own images, and for each tool one of its name. */
  file: string;
  /** Everything; to be removed at the end. */
  folder: string;
  /** A tool's project without its slow migration. */
  baseOf(tool: ToolName): string;
  /** A tool's whole project. */
  projectOf(tool: ToolName): string;
}

/**
 * The shop's images and more of v1: for each release one with a migration of dbmate, its text; and for each tool one with a
 * project whose last migration makes the table "slow" and takes its time.
 */
export function imagesOf(tools: readonly RealTool[], releases: Record<string, string> = {}): Images {
  const folder = mkdtempSync(join(tmpdir(), 'greenlight-images-'));
  const images: Images = {
    file: join(folder, 'images.json'),
    folder,
    baseOf: (tool) => join(folder, `${tool}-base`),
    projectOf: (tool) => join(folder, tool),
  };
  const { shop } = JSON.parse(readFileSync(join(root, 'examples', 'images.json'), 'utf8')) as {
    shop: Record<string, object>;
  };
  for (const tag of Object.keys(shop)) shop[tag] = { ...shop[tag], folder: relative(folder, SHOP) };
  for (const [tag, migration] of Object.entries(releases)) {
    const place = join(folder, tag);
    write(place, { [`20270101000000_${tag}.sql`]: migration });
    shop[tag] = { ...shop.v1, environment: { MIGRATIONS: `db/v1,${relative(SHOP, place)}` } };
  }
  for (const { name, slow } of tools) {
    for (const place of [images.baseOf(name), images.projectOf(name)]) {
      cpSync(join(PROJECTS, name), place, { recursive: true });
      symlinkSync(TOOLS, join(place, 'node_modules'));
    }
    write(images.projectOf(name), slow(PACE));
    cpSync(join(__dirname, 'with-database.mjs'), join(images.projectOf(name), 'with-database.mjs'));
    shop[name] = {
      folder: name,
      command: ['node', join(SHOP, 'versions', 'v1.mjs')],
      environment: { SHOP, ...MACHINE },
    };
  }
  writeFileSync(images.file, JSON.stringify({ shop }));
  return images;
}

/** Writes the manifest of a tool's image where the workflow looks for it, as its pipeline does. */
export async function bundled({ aws, cloud }: World, images: Images, tool: ToolName): Promise<void> {
  const { imageDetails } = await new ECRClient(aws).send(
    new DescribeImagesCommand({ repositoryName: 'shop', imageIds: [{ imageTag: tool }] }),
  );
  const digest = imageDetails?.[0]?.imageDigest?.replace('sha256:', '');
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_REGION: cloud.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  const to = `${cloud.outputs.ManifestsLocation}/${digest}.json`;
  const code = await main(['bundle', images.projectOf(tool), '--tool', tool, '--s3', to]);
  if (code !== 0) throw new Error(`greenlight bundle of ${tool} ended with exit code ${code}`);
}
