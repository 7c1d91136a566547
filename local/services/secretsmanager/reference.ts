/** Which part of which version of which secret. */
export interface SecretReference {
  secretId: string;
  jsonKey?: string;
  stage?: string;
  versionId?: string;
}

/** `arn:aws:secretsmanager:region:account:secret:name-suffix` */
const ARN_PARTS = 7;
const DYNAMIC = /^\{\{resolve:secretsmanager:(.+)\}\}$/;

function splitId(reference: string): { secretId: string; rest: string[] } {
  const parts = reference.split(':');
  const length = reference.startsWith('arn:') ? ARN_PARTS : 1;
  return { secretId: parts.slice(0, length).join(':'), rest: parts.slice(length) };
}

/** A task definition's `valueFrom`: ARN, or ARN:json-key:version-stage:version-id with empty parts allowed. */
export function parseValueFrom(reference: string): SecretReference {
  const { secretId, rest } = splitId(reference);
  const [jsonKey, stage, versionId] = rest;
  return {
    secretId,
    jsonKey: jsonKey || undefined,
    stage: stage || undefined,
    versionId: versionId || undefined,
  };
}

/** CloudFormation's `{{resolve:secretsmanager:secret-id:SecretString:json-key:version-stage:version-id}}`. */
export function parseDynamic(reference: string): SecretReference {
  const inner = DYNAMIC.exec(reference)?.[1];
  if (!inner)
    throw new Error(
      `${reference} is no reference to a secret; write {{resolve:secretsmanager:id:SecretString:key}}`,
    );
  const { secretId, rest } = splitId(inner);
  const [kind = 'SecretString', jsonKey, stage, versionId] = rest;
  if (kind !== 'SecretString' && kind !== '')
    throw new Error(`${reference} asks for ${kind}; only SecretString can be resolved`);
  return {
    secretId,
    jsonKey: jsonKey || undefined,
    stage: stage || undefined,
    versionId: versionId || undefined,
  };
}
