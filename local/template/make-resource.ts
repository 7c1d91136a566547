import type { Resource, ResourceMaker } from '../service';
import type { CustomResources } from './custom-resources';
import { hasNoLocalMeaning, placeholder } from './no-local-meaning';
import { physicalName } from './physical-names';
import { type ResourceDeclaration, TemplateError } from './template';

export interface MakeDependencies {
  /** What creates a resource, by its type. */
  makers: Readonly<Record<string, ResourceMaker>>;
  customResources: CustomResources;
  /** Where the asset with an object key lies, or undefined. */
  assetPath?: (objectKey: string) => string | undefined;
}

/** CDK leaves out the asset's path when it is synthesised without its command line; the manifest still has it. */
function metadataOf(
  declaration: ResourceDeclaration,
  properties: Record<string, unknown>,
  assetPath: MakeDependencies['assetPath'],
): Record<string, unknown> {
  const key = (properties.Code as { S3Key?: string } | undefined)?.S3Key;
  const path = key === undefined ? undefined : assetPath?.(key);
  return { ...declaration.Metadata, ...(path !== undefined && { 'aws:asset:path': path }) };
}

/** Creates one resource from its evaluated properties: by its service, as a placeholder, or by its function. */
export async function makeResource(
  stack: string,
  logicalId: string,
  declaration: ResourceDeclaration,
  properties: Record<string, unknown>,
  { makers, customResources, assetPath }: MakeDependencies,
): Promise<Resource> {
  const { Type: type } = declaration;
  const maker = makers[type];
  if (maker) {
    const metadata = metadataOf(declaration, properties, assetPath);
    try {
      return await maker(properties, { logicalId, name: physicalName(stack, logicalId, type), metadata });
    } catch (error) {
      const { message } = error as Error;
      throw new TemplateError(`${type} ${logicalId} could not be created: ${message}`, { cause: error });
    }
  }
  if (hasNoLocalMeaning(type)) return placeholder(type, logicalId);
  return customResources.request({ requestType: 'Create', stack, logicalId, type, properties });
}
