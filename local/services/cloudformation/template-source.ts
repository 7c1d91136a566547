import { type Document, isAlias, isMap, isNode, isScalar, isSeq, parseDocument } from 'yaml';
import { invalid } from '../../endpoint/errors';
import type { Template } from '../../template';

/** A template as it was sent, and what it says. */
export interface TemplateSource {
  text: string;
  template: Template;
}

/** Of a body in a request, and of an object in S3. Source: CloudFormation User Guide, "CloudFormation quotas". */
const LARGEST_BODY_BYTES = 51_200;
const LARGEST_OBJECT_BYTES = 1_048_576;

const SHORT_FORMS = [
  ...[
    'Ref',
    'Condition',
    'And',
    'Base64',
    'Cidr',
    'Equals',
    'FindInMap',
    'GetAtt',
    'GetAZs',
    'If',
    'ImportValue',
    'Join',
  ],
  ...['Not', 'Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Length'],
];

const longForm = (name: string) => (name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`);

/** What a node of a YAML document says, with `!Ref x` and the like in their long forms. */
function said(node: unknown, document: Document): unknown {
  if (isAlias(node)) return said(node.resolve(document), document);
  let value: unknown = null;
  if (isMap(node))
    value = Object.fromEntries(
      node.items.map(({ key, value }) => [String(said(key, document)), said(value, document)]),
    );
  if (isSeq(node)) value = node.items.map((item) => said(item, document));
  // a date is a text to CloudFormation, `Version: 2012-10-17` for one
  if (isScalar(node)) value = node.value instanceof Date ? node.source : node.value;
  const name = isNode(node) ? (node as { tag?: string }).tag?.slice(1) : undefined;
  if (name === undefined || !SHORT_FORMS.includes(name)) return value;
  if (name !== 'GetAtt' || typeof value !== 'string') return { [longForm(name)]: value };
  const dot = value.indexOf('.');
  return { [longForm(name)]: [value.slice(0, dot), value.slice(dot + 1)] };
}

function parse(text: string): unknown {
  if (text.trimStart().startsWith('{')) return JSON.parse(text);
  const document = parseDocument(text, { version: '1.1', logLevel: 'error' });
  if (document.errors[0]) throw document.errors[0];
  return said(document.contents, document);
}

/**
 * Reads a template, JSON or YAML with the short forms of functions.
 * @throws CommonError ValidationError in CloudFormation's words
 */
export function readTemplate(text: string): TemplateSource {
  let template: Template;
  try {
    template = parse(text) as Template;
  } catch (error) {
    throw invalid(`Template format error: ${(error as Error).message}`);
  }
  if (template === null || typeof template !== 'object')
    throw invalid('Template format error: unsupported structure.');
  const { Resources } = template;
  if (Resources === undefined || Object.keys(Resources).length === 0)
    throw invalid('Template format error: At least one Resources member must be defined.');
  const untyped = Object.entries(Resources).find(([, resource]) => typeof resource?.Type !== 'string');
  if (untyped)
    throw invalid(
      `Template format error: [/Resources/${untyped[0]}] Every Resources object must contain a Type member.`,
    );
  return { text, template };
}

/** `https://s3.<region>.amazonaws.com/<bucket>/<key>`, `https://<bucket>.s3.<region>.amazonaws.com/<key>`, or the endpoint's own. */
function objectAt(url: string): { bucket: string; key: string } {
  const { hostname, pathname } = new URL(url);
  const [, virtual] = /^(.+?)\.s3[.-].*amazonaws\.com$/.exec(hostname) ?? [];
  const path = decodeURIComponent(pathname.slice(1));
  const slash = path.indexOf('/');
  if (virtual) return { bucket: virtual, key: path };
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

/** The template of a request, which has it as `TemplateBody` or as `TemplateURL`; undefined where it has neither. */
export function templateOf(
  { TemplateBody, TemplateURL }: { TemplateBody?: string; TemplateURL?: string },
  objectOf: (bucket: string, key: string) => Buffer | undefined,
): TemplateSource | undefined {
  if (TemplateBody !== undefined) {
    if (Buffer.byteLength(TemplateBody) > LARGEST_BODY_BYTES)
      throw invalid(
        `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${LARGEST_BODY_BYTES}`,
      );
    return readTemplate(TemplateBody);
  }
  if (TemplateURL === undefined) return undefined;
  const { bucket, key } = objectAt(TemplateURL);
  const body = objectOf(bucket, key);
  if (!body) throw invalid(`S3 error: The specified key does not exist (${bucket}/${key}).`);
  if (body.length > LARGEST_OBJECT_BYTES) throw invalid('Template may not exceed 1000000 bytes in size.');
  return readTemplate(body.toString('utf8'));
}
