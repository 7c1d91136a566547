import { awsOf } from './clients';

/**
 * What somebody has done before the first deployment: v1's migrations have run, and a pipeline has written down which
 * migrations each release brings. `greenlight local` runs this in a new cloud.
 */
async function main(): Promise<void> {
  const aws = awsOf(JSON.parse(process.env.LOCAL_CLOUD ?? '{}'));
  await aws.prepareDatabase();
  await aws.bundleReleases();
  console.log('database of v1 prepared, manifests of the releases written');
}

void main();
