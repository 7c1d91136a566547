import { isDeepStrictEqual } from 'node:util';
import type { Resource, ResourceMaker } from '../service';
import { type CustomResources, isCustom } from './custom-resources';
import { type ResolveDynamic, resolveDynamicReferences } from './dynamic-references';
import { resolve, type Scope } from './intrinsics';
import { hasNoLocalMeaning, placeholder } from './no-local-meaning';
import { type LookUpParameter, parameterValues } from './parameters';
import { physicalName } from './physical-names';
import { dependenciesOf, dependencyOrder } from './references';
import { type StackResource, stackScope } from './scope';
import { type Template, TemplateError } from './template';

export interface StackDependencies {
  /** What creates a resource, by its type. */
  makers: Readonly<Record<string, ResourceMaker>>;
  customResources: CustomResources;
  resolveDynamic: ResolveDynamic;
  lookUpParameter: LookUpParameter;
  /** Exports of all stacks by export name; a created stack adds its own. */
  exports: Map<string, string>;
  /** Where the asset with an object key lies, or undefined. */
  assetPath?: (objectKey: string) => string | undefined;
  /** Told of each resource that was created, and how long it took. */
  created?: (resource: { type: string; logicalId: string; ref: string; milliseconds: number }) => void;
}

export interface Stack {
  readonly name: string;
  readonly resources: ReadonlyMap<string, StackResource>;
  readonly outputs: Readonly<Record<string, string>>;
  /**
   * Applies another template to the stack. Only resources whose evaluated properties differ are touched: a custom
   * resource receives Update or Delete, a new resource is created. Any other change is refused by name, before
   * anything is touched.
   */
  update(template: Template): Promise<void>;
}

/** The template without the resources whose condition is false, after refusing what the local cloud lacks. */
function supported(
  template: Template,
  scope: Scope,
  makers: StackDependencies['makers'],
): Template['Resources'] {
  if (template.Transform) throw new TemplateError('Transform is not supported by the local cloud');
  const rules = Object.keys(template.Rules ?? {}).filter((rule) => rule !== 'CheckBootstrapVersion');
  if (rules.length)
    throw new TemplateError(`rules are not supported by the local cloud: ${rules.join(', ')}`);
  const wanted = Object.entries(template.Resources).filter(
    ([, { Condition: condition }]) => !condition || scope.condition(condition),
  );
  const unsupported = wanted.filter(
    ([, { Type: type }]) => !(type in makers || isCustom(type) || hasNoLocalMeaning(type)),
  );
  if (unsupported.length) {
    const names = unsupported.map(([id, { Type: type }]) => `${type} (${id})`).join(', ');
    throw new TemplateError(`the local cloud does not support these resource types: ${names}`);
  }
  return Object.fromEntries(wanted);
}

/** Creates everything a template names, independent resources at the same time. Throws the first failure. */
export async function createStack(
  name: string,
  template: Template,
  given: Record<string, string>,
  deps: StackDependencies,
): Promise<Stack> {
  const resources = new Map<string, StackResource>();
  const outputs: Record<string, string> = {};
  let current = prepare(template);

  function prepare(next: Template) {
    const parameters = parameterValues(next, given, deps.lookUpParameter);
    const scope = stackScope(name, next, parameters, resources, deps.exports);
    const declared = supported(next, scope, deps.makers);
    return { template: next, scope, declared, order: dependencyOrder(declared) };
  }

  const evaluate = async (value: unknown, scope: Scope) =>
    resolveDynamicReferences(resolve(value, scope), deps.resolveDynamic);

  async function properties(id: string, { scope, declared } = current) {
    return (await evaluate(declared[id]!.Properties ?? {}, scope)) as Record<string, unknown>;
  }

  async function make(id: string): Promise<void> {
    const { Type: type, Metadata: metadata = {} } = current.declared[id]!;
    const wanted = await properties(id);
    const started = performance.now();
    const made = await makeOne(id, type, wanted, metadata);
    resources.set(id, { type, ref: made.ref, attributes: made.attributes ?? {}, properties: wanted });
    deps.created?.({ type, logicalId: id, ref: made.ref, milliseconds: performance.now() - started });
  }

  async function makeOne(
    id: string,
    type: string,
    wanted: Record<string, unknown>,
    metadata: Record<string, unknown>,
  ): Promise<Resource> {
    const maker = deps.makers[type];
    try {
      if (maker) {
        const context = { logicalId: id, name: physicalName(name, id, type) };
        return await maker(wanted, { ...context, metadata: withAsset(metadata, wanted, deps.assetPath) });
      }
    } catch (error) {
      throw new TemplateError(`${type} ${id} could not be created: ${(error as Error).message}`, {
        cause: error,
      });
    }
    if (hasNoLocalMeaning(type)) return placeholder(type, id);
    return deps.customResources.request({
      requestType: 'Create',
      stack: name,
      logicalId: id,
      type,
      properties: wanted,
    });
  }

  async function makeAll(ids: readonly string[]): Promise<void> {
    const made = new Map<string, Promise<void>>();
    let failed = false;
    const once = (id: string): Promise<void> => {
      const begun = made.get(id);
      if (begun) return begun;
      const needed = dependenciesOf(current.declared[id]!, current.declared).filter((other) =>
        ids.includes(other),
      );
      const making = Promise.all(needed.map(once))
        // nothing new begins after a failure, so that clean-up knows all there is
        .then(() => (failed ? undefined : make(id)))
        .catch((error) => {
          failed = true;
          throw error;
        });
      made.set(id, making);
      return making;
    };
    const results = await Promise.allSettled(ids.map(once));
    const failure = results.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
  }

  async function resolveOutputs(): Promise<void> {
    for (const key of Object.keys(outputs)) delete outputs[key];
    for (const [key, output] of Object.entries(current.template.Outputs ?? {})) {
      if (output.Condition && !current.scope.condition(output.Condition)) continue;
      outputs[key] = String(await evaluate(output.Value, current.scope));
      if (output.Export) deps.exports.set(String(resolve(output.Export.Name, current.scope)), outputs[key]);
    }
  }

  /** Existing resources that differ; those that refer to a resource yet to be made cannot be judged and are left out. */
  async function changed(next: typeof current): Promise<string[]> {
    const ids: string[] = [];
    for (const id of next.order) {
      const existing = resources.get(id);
      if (!existing || hasNoLocalMeaning(existing.type)) continue;
      if (dependenciesOf(next.declared[id]!, next.declared).some((needed) => !resources.has(needed)))
        continue;
      if (existing.type !== next.declared[id]!.Type) ids.push(id);
      else if (!isDeepStrictEqual(await properties(id, next), existing.properties)) ids.push(id);
    }
    return ids;
  }

  function refuse(ids: readonly string[], what: string): void {
    const names = ids
      .filter((id) => !isCustom(resources.get(id)!.type) && !hasNoLocalMeaning(resources.get(id)!.type))
      .map((id) => `${resources.get(id)!.type} (${id})`);
    if (names.length)
      throw new TemplateError(`the local cloud cannot ${what}: ${names.join(', ')}; start it anew`);
  }

  async function updateCustom(id: string): Promise<void> {
    const existing = resources.get(id)!;
    const wanted = await properties(id);
    const answer = await deps.customResources.request({
      requestType: 'Update',
      stack: name,
      logicalId: id,
      type: existing.type,
      properties: wanted,
      physicalId: existing.ref,
      oldProperties: existing.properties,
    });
    resources.set(id, {
      ...existing,
      ref: answer.ref,
      attributes: answer.attributes ?? {},
      properties: wanted,
    });
  }

  async function remove(id: string): Promise<void> {
    const { type, ref: physicalId, properties: last } = resources.get(id)!;
    if (isCustom(type) && !hasNoLocalMeaning(type)) {
      const request = { requestType: 'Delete', stack: name, logicalId: id, type } as const;
      await deps.customResources.request({ ...request, physicalId, properties: last });
    }
    resources.delete(id);
  }

  async function update(template: Template): Promise<void> {
    const next = prepare(template);
    const removed = [...resources.keys()].filter((id) => !(id in next.declared));
    refuse(removed, 'remove a resource from a running stack');
    const created = next.order.filter((id) => !resources.has(id));
    refuse(await changed(next), 'change a resource of a running stack');
    current = next;
    await makeAll(created);
    const touched = await changed(current);
    refuse(touched, 'change a resource of a running stack');
    for (const id of touched) await updateCustom(id);
    refuse(await changed(current), 'change a resource of a running stack');
    for (const id of removed) await remove(id);
    await resolveOutputs();
  }

  await makeAll(current.order);
  await resolveOutputs();
  return { name, resources, outputs, update };
}

/** CDK leaves out the asset's path when it is synthesised without its command line; the manifest still has it. */
function withAsset(
  metadata: Record<string, unknown>,
  wanted: Record<string, unknown>,
  assetPath: StackDependencies['assetPath'],
): Record<string, unknown> {
  const key = (wanted.Code as { S3Key?: string } | undefined)?.S3Key;
  const path = key === undefined ? undefined : assetPath?.(key);
  return path === undefined ? metadata : { ...metadata, 'aws:asset:path': path };
}
