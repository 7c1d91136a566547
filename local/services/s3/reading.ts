import type {
  GetObjectCommandInput,
  GetObjectCommandOutput,
  HeadObjectCommandInput,
} from '@aws-sdk/client-s3';
import { invalidRange, isDeleted, noSuchKey, noSuchVersion, notModified, preconditionFailed } from './faults';
import type { Buckets, StoredObject } from './objects';

type ReadInput = Pick<
  GetObjectCommandInput & HeadObjectCommandInput,
  'Bucket' | 'Key' | 'VersionId' | 'Range' | 'IfMatch' | 'IfNoneMatch' | 'ChecksumMode'
>;

/** `bytes=a-b`, `bytes=a-` or `bytes=-n`; anything else asks for everything, as HTTP has it. */
function rangeOf(range: string | undefined, size: number): { from: number; to: number } | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === undefined || last === undefined || first + last === '') return undefined;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (from >= size || from > to) throw invalidRange();
  return { from, to };
}

const unquoted = (etag: string) => etag.replace(/^"|"$/g, '');
const names = (wanted: string, etag: string) => wanted === '*' || unquoted(wanted) === unquoted(etag);

function versionOf(buckets: Buckets, { Bucket, Key, VersionId }: ReadInput): StoredObject {
  const bucket = buckets.find(Bucket!);
  const found = VersionId === undefined ? bucket.objects.get(Key!) : bucket.version(Key!, VersionId);
  if (!found) throw VersionId === undefined ? noSuchKey(Key!) : noSuchVersion(Key!);
  if ('isMarker' in found) throw isDeleted();
  return found;
}

/** Finds an object, if the caller's conditions hold. */
export function find(buckets: Buckets, input: ReadInput): StoredObject {
  const object = versionOf(buckets, input);
  if (input.IfMatch && !names(input.IfMatch, object.etag)) throw preconditionFailed();
  if (input.IfNoneMatch && names(input.IfNoneMatch, object.etag)) throw notModified();
  return object;
}

/** What GetObject and HeadObject both say of an object; of the checksums only to those who ask. */
export function described(object: StoredObject, input: ReadInput) {
  const range = rangeOf(input.Range, object.body.length);
  const body = range ? object.body.subarray(range.from, range.to + 1) : object.body;
  const output = {
    ...object.kept,
    AcceptRanges: 'bytes',
    ContentLength: body.length,
    ContentRange: range && `bytes ${range.from}-${range.to}/${object.body.length}`,
    ETag: object.etag,
    LastModified: object.modified,
    // of a part the checksum of the whole says nothing
    ...(input.ChecksumMode === 'ENABLED' && !range && object.checksums),
  };
  return { output, body: body as unknown as GetObjectCommandOutput['Body'] };
}
