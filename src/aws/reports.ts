import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { redacted, redaction } from '../domain/privacy/redaction';
import type { Report } from '../domain/report';
import { reportHtml } from '../domain/report/html';
import { reportCommand } from '../domain/rollback/command';
import type { Environment, Grants, Port } from '../domain/step/port';
import { objectPage } from '../domain/text/console';
import { objectAt } from './manifests';
import { stack } from './stack';

/** A deployment's end waits for its report no longer. */
const PATIENCE_MS = 5_000;

export interface Reports {
  /**
   * Writes the page of a deployment, in place of an earlier one. Resolves with the address at which the AWS console shows it, or
   * with why it could not be written: a report stops nothing, so this never rejects, and takes some seconds at most.
   */
  write(deployment: string, make: () => Report | Promise<Report>): Promise<string>;
}

/** The object that a deployment's report is. */
const objectOf = ({ reports }: Environment, deployment: string) => objectAt(`${reports}/${deployment}.html`);

export const reports: Port<Reports> = {
  grants: [{ sid: 'WriteReports', actions: ['s3:PutObject'], on: ['reports'] }],
  open(environment) {
    // a bucket's name in the host needs DNS of its own; the path works everywhere
    const s3 = new S3Client({ forcePathStyle: true });
    const { name: workflow } = stack.open(environment);
    const redact = redaction(environment.redact);
    return {
      async write(deployment, make) {
        try {
          const object = objectOf(environment, deployment);
          await s3.send(
            new PutObjectCommand({
              ...object,
              Body: reportHtml(redacted(await make(), redact)),
              ContentType: 'text/html; charset=utf-8',
            }),
            { abortSignal: AbortSignal.timeout(PATIENCE_MS) },
          );
          return objectPage(await s3.config.region(), object, process.env.AWS_ENDPOINT_URL);
        } catch (error) {
          const { name, message } = error as Error;
          const why =
            name === 'AbortError'
              ? `Amazon S3 gave no answer in ${PATIENCE_MS / 1000} s`
              : `${name}: ${message}`;
          return `it could not be written (${why}); ${reportCommand(deployment, workflow)}`;
        }
      },
    };
  },
};

/** What `reportLink` makes an address for. */
export const reportReader: Grants = {
  grants: [{ sid: 'ReadReports', actions: ['s3:GetObject'], on: ['reports'] }],
};

/**
 * An address at which anybody can read the report of a deployment for some time, by the credentials of who asks for it.
 * @throws Error where there is no report
 */
export async function reportLink(
  workflow: Environment,
  deployment: string,
  expiresIn: number,
): Promise<string> {
  const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner');
  const { HeadObjectCommand } = await import('@aws-sdk/client-s3');
  const s3 = new S3Client({ forcePathStyle: true });
  const object = objectOf(workflow, deployment);
  try {
    // an address is made of anything: whether there is something, and whether they may read it, is better said here
    await s3.send(new HeadObjectCommand(object));
  } catch (error) {
    const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    // to who may not list, Amazon S3 says of a missing object that reading it is forbidden
    throw new Error(
      `there is no report at s3://${object.Bucket}/${object.Key}, or these credentials may not read it (${$metadata?.httpStatusCode ?? name}); the journal has all of it: leave out --url`,
    );
  }
  return getSignedUrl(s3, new GetObjectCommand(object), { expiresIn });
}
