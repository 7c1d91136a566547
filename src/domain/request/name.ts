import { imageParts } from './image-reference';

/** An execution's name has at most 80 characters; what resumes the deployment adds a word to it. */
const MOST = 64;
const DIGITS = 12;

/**
 * A name for a deployment that people recognise and that nobody has had: the service, the version, and the second in UTC, as
 * `shop-v2-20260130-101500`.
 */
export function deploymentNameOf({ service, image }: { service: string; image: string }, now: Date): string {
  const { reference } = imageParts(image);
  const version =
    'digest' in reference
      ? reference.digest.slice('sha256:'.length).slice(0, DIGITS)
      : image.includes(':')
        ? reference.tag
        : image;
  const [date = '', time = ''] = now.toISOString().split('T');
  const stamp = `-${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}`;
  return `${`${service}-${version}`.slice(0, MOST - stamp.length)}${stamp}`;
}
