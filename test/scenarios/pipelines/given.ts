import type { Given } from '../../examples/pipelines/github';
import type { Pipelines } from './ground';

/** What GitHub knows of a run. */
export function githubGiven(
  { world, repository, host, environmentOf }: Pipelines,
  event: 'push' | 'pull_request',
  more: Partial<Given> = {},
): Given {
  const sha = repository.git('rev-parse', 'HEAD');
  const github = {
    ...{ event_name: event, sha, repository: 'example/shop', actor: 'ann', token: 'of-the-run' },
    ...{ run_id: '17', run_attempt: '1', base_ref: event === 'push' ? '' : 'main' },
    event: { head_commit: { message: 'customers may leave a note\n\nwith an order' } },
  };
  const variables = {
    ...{ CI: 'true', GITHUB_SHA: sha, GITHUB_REPOSITORY: 'example/shop', GITHUB_ACTOR: 'ann' },
    ...{ GITHUB_BASE_REF: github.base_ref, GITHUB_API_URL: host.url },
  };
  return {
    github,
    vars: { MANIFESTS: world.settings.migrations.manifests, AWS_REGION: world.cloud.region },
    outputs: {},
    environment: { ...environmentOf('GitHub'), ...variables },
    folder: repository.folder,
    ...more,
  };
}

/** What the actions of a job leave that push an image. */
export async function pushedImage({ world, digestOf }: Pipelines, tag: string) {
  const registry = world.settings.repository.replace(/\/shop$/, '');
  return { image: { digest: await digestOf(tag) }, registry: { registry } };
}

/** What GitLab gives a job. */
export function gitlabVariables(
  { world, repository, host, environmentOf, roleOf }: Pipelines,
  more: Record<string, string>,
): Record<string, string> {
  return {
    ...environmentOf('GitLab'),
    CI: 'true',
    ...{ CI_PROJECT_DIR: repository.folder, CI_PROJECT_ID: '5', CI_API_V4_URL: `${host.url}/api/v4` },
    ...{ CI_PIPELINE_ID: '31', CI_JOB_ID: '77', CI_DEFAULT_BRANCH: 'main', GITLAB_USER_LOGIN: 'bob' },
    ...{ CI_COMMIT_SHA: repository.git('rev-parse', 'HEAD'), CI_COMMIT_TITLE: 'notes' },
    ...{ AWS_ID_TOKEN: 'signed by GitLab', AWS_ROLE_ARN: roleOf('GitLab'), COMMENT_TOKEN: 'of-the-project' },
    MANIFESTS: world.settings.migrations.manifests,
    ...more,
  };
}
