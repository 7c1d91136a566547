/** How ECR is asked for an image. */
export type ImageReference = { tag: string } | { digest: string };

/** Takes `shop:v2`, `<repository URI>:v2` or either with `@sha256:…` apart; the tag is `latest` where none is given. */
export function imageParts(image: string): { name: string; reference: ImageReference } {
  const [, name = '', tag, digest] = /^(.*?)(?::([^:/@]+)|@(sha256:[0-9a-f]{64}))$/.exec(image) ?? [];
  return { name, reference: digest ? { digest } : { tag: tag ?? 'latest' } };
}

/** For a heading: without the registry's host, and twelve digits of a digest are enough. */
export const shortImage = (image: string) =>
  image.replace(/^[^/]*[.:][^/]*\//, '').replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+$/, '$1');

/** A repository's name behind its registry's host. */
export const repositoryName = (uri: string) => uri.slice(uri.indexOf('/') + 1);
