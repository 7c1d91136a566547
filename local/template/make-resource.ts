import type { Code } from '../code';
import type { Resource, ResourceMaker, Service } from '../service';
import { type CustomResources, isCustom } from './custom-resources';
import { hasNoLocalMeaning, placeholder } from './no-local-meaning';
import { physicalName } from './physical-names';
import type { StackName, StackResource } from './scope';
import { type ResourceDeclaration, TemplateError } from './template';

export interface MakeDependencies {
  /** What creates a resource, by its type. */
  makers: Readonly<Record<string, ResourceMaker>>;
  /** What changes and ends one, by its type; none by default. */
  updates?: Service['updates'];
  removals?: Service['removals'];
  /** What one is like now, by its type. */
  live?: Service['live'];
  /** What of one has no local part, by its type; none by default. */
  refusals?: Service['refusals'];
  customResources: CustomResources;
  /** The folder of a function's code, or undefined. */
  codeFolder?: (code: Code) => string | undefined;
}

/** Where a function's code lies is told the service as CDK tells it the template, which may mean a folder that is not here. */
function metadataOf(
  declaration: ResourceDeclaration,
  properties: Record<string, unknown>,
  codeFolder: MakeDependencies['codeFolder'],
): Record<string, unknown> {
  const code = properties.Code as Code | undefined;
  const path = code && codeFolder?.(code);
  return { ...declaration.Metadata, ...(path !== undefined && { 'aws:asset:path': path }) };
}

/** A resource as a template wants it. */
export interface Wanted {
  stack: StackName;
  logicalId: string;
  declaration: ResourceDeclaration;
  /** With every function evaluated. */
  properties: Record<string, unknown>;
}

const contextOf = ({ stack, logicalId, declaration, properties }: Wanted, deps: MakeDependencies) => ({
  logicalId,
  name: physicalName(stack.name, logicalId, declaration.Type),
  metadata: metadataOf(declaration, properties, deps.codeFolder),
});

/** What a service does with a resource, whose failure names it. */
async function done<Result>(
  { logicalId, declaration: { Type } }: Wanted,
  what: string,
  work: () => Promise<Result> | Result,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { message } = error as Error;
    throw new TemplateError(`${Type} ${logicalId} could not be ${what}: ${message}`, { cause: error });
  }
}

/** Creates one resource: by its service, as a placeholder, or by its function. */
export async function makeResource(wanted: Wanted, deps: MakeDependencies): Promise<Resource> {
  const { stack, logicalId, declaration, properties } = wanted;
  const { Type: type } = declaration;
  const maker = deps.makers[type];
  if (maker) return done(wanted, 'created', () => maker(properties, contextOf(wanted, deps)));
  if (hasNoLocalMeaning(type)) return placeholder(type, logicalId);
  return deps.customResources.request({ requestType: 'Create', stack, logicalId, type, properties });
}

/** May a stack's update change a resource of this type, or make another one in its place? */
export const isChangeable = (type: string, { updates = {}, removals = {} }: MakeDependencies) =>
  type in updates || type in removals || isCustom(type) || hasNoLocalMeaning(type);

/** May a stack's update end a resource of this type? */
export const isRemovable = (type: string, { removals = {} }: MakeDependencies) =>
  type in removals || isCustom(type) || hasNoLocalMeaning(type);

/** Gives a resource other properties: in place, or by making another one, whose `Ref` then differs. */
export async function changeResource(
  wanted: Wanted,
  { ref, properties: before }: StackResource,
  deps: MakeDependencies,
): Promise<Resource> {
  const { stack, logicalId, declaration, properties } = wanted;
  const { Type: type } = declaration;
  const { updates = {}, removals = {} } = deps;
  const update = updates[type];
  if (update)
    return done(wanted, 'changed', () => update(properties, { ...contextOf(wanted, deps), ref, before }));
  if (type in removals || hasNoLocalMeaning(type)) return makeResource(wanted, deps);
  const request = { requestType: 'Update', stack, logicalId, type, properties } as const;
  return deps.customResources.request({ ...request, physicalId: ref, oldProperties: before });
}

/** Ends a resource that nobody names any more; `withSnapshot` where its policy wants one to be left, and its type can. */
export async function removeResource(
  stack: StackName,
  logicalId: string,
  { type, ref, properties }: Pick<StackResource, 'type' | 'ref' | 'properties'>,
  { removals = {}, customResources }: MakeDependencies,
  withSnapshot = false,
): Promise<void> {
  if (type in removals) return removals[type]!(ref, properties, { withSnapshot });
  if (!isCustom(type) || hasNoLocalMeaning(type)) return;
  const request = { requestType: 'Delete', stack, logicalId, type } as const;
  await customResources.request({ ...request, properties, physicalId: ref });
}
