import type {
  ListObjectsV2CommandInput,
  ListObjectsV2CommandOutput,
  ListObjectVersionsCommandInput,
} from '@aws-sdk/client-s3';
import type { Bucket, StoredObject } from './objects';

const LARGEST_PAGE = 1000;

/** S3 lists keys in the order of their UTF-8 bytes. */
const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** The token is the last entry of the page before; its form is nobody's business. */
const tokenOf = (entry: string) => Buffer.from(entry).toString('base64url');
const entryOf = (token: string) => Buffer.from(token, 'base64url').toString();

/** What a key is listed as: itself, or what it shares with others up to the delimiter. */
function entryFor(key: string, prefix: string, delimiter: string | undefined): string {
  const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
  return end < 0 ? key : key.slice(0, end + delimiter!.length);
}

/** One page of ListObjectsV2, without the bucket's name. */
export function page(
  objects: ReadonlyMap<string, StoredObject>,
  input: ListObjectsV2CommandInput,
): Omit<ListObjectsV2CommandOutput, '$metadata' | 'Name'> {
  const { Prefix = '', Delimiter, StartAfter, ContinuationToken, EncodingType } = input;
  const MaxKeys = Math.min(input.MaxKeys ?? LARGEST_PAGE, LARGEST_PAGE);
  const after = ContinuationToken ? entryOf(ContinuationToken) : (StartAfter ?? '');
  const keys = [...objects.keys()].filter((key) => key.startsWith(Prefix));
  const entries = [...new Set(keys.map((key) => entryFor(key, Prefix, Delimiter)))]
    .sort(byBytes)
    .filter((entry) => byBytes(entry, after) > 0);
  const shown = entries.slice(0, MaxKeys);
  const IsTruncated = MaxKeys > 0 && entries.length > shown.length;
  const write = (text: string) => (EncodingType === 'url' ? encodeURIComponent(text) : text);
  const isObject = (entry: string) => keys.includes(entry) && entryFor(entry, Prefix, Delimiter) === entry;
  const isPrefix = (entry: string) =>
    Delimiter !== undefined && entry.endsWith(Delimiter) && entry.length > Prefix.length;
  return {
    Prefix: write(Prefix),
    Delimiter: Delimiter && write(Delimiter),
    StartAfter: StartAfter && write(StartAfter),
    ContinuationToken,
    EncodingType,
    MaxKeys,
    KeyCount: shown.length,
    IsTruncated,
    NextContinuationToken: IsTruncated ? tokenOf(shown.at(-1)!) : undefined,
    CommonPrefixes: shown.filter(isPrefix).map((entry) => ({ Prefix: write(entry) })),
    Contents: shown
      .filter((entry) => isObject(entry) && !isPrefix(entry))
      .map((entry) => objects.get(entry)!)
      .map(({ key, body, etag, modified }) => ({
        Key: write(key),
        Size: body.length,
        ETag: etag,
        LastModified: modified,
        StorageClass: 'STANDARD' as const,
      })),
  };
}

/** One page of ListObjectVersions, without the bucket's name: keys in their order, of each the newest first. */
export function versionPage(
  bucket: Bucket,
  { Prefix = '', KeyMarker = '', VersionIdMarker, MaxKeys = LARGEST_PAGE }: ListObjectVersionsCommandInput,
) {
  const all = bucket
    .versions()
    .filter(({ version: { key } }) => key.startsWith(Prefix))
    .sort((a, b) => byBytes(a.version.key, b.version.key));
  const marked = all.findIndex(({ id, version }) => version.key === KeyMarker && id === VersionIdMarker);
  const rest = marked >= 0 ? all.slice(marked + 1) : all.filter(({ version }) => version.key > KeyMarker);
  const shown = rest.slice(0, Math.min(MaxKeys, LARGEST_PAGE));
  const last = rest.length > shown.length ? shown.at(-1) : undefined;
  const entry = ({ id, isLatest, version }: (typeof shown)[number]) => ({
    ...{ Key: version.key, VersionId: id, IsLatest: isLatest, LastModified: version.modified },
  });
  return {
    ...{ Prefix, KeyMarker, VersionIdMarker, MaxKeys },
    IsTruncated: last !== undefined,
    NextKeyMarker: last?.version.key,
    NextVersionIdMarker: last?.id,
    Versions: shown.flatMap((one) =>
      'isMarker' in one.version
        ? []
        : [
            {
              ...entry(one),
              ETag: one.version.etag,
              Size: one.version.body.length,
              StorageClass: 'STANDARD' as const,
            },
          ],
    ),
    DeleteMarkers: shown.filter(({ version }) => 'isMarker' in version).map(entry),
  };
}
