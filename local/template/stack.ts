import { isDeepStrictEqual } from 'node:util';
import { allInOrder } from './all-in-order';
import { isCustom } from './custom-resources';
import type { ResolveDynamic } from './dynamic-references';
import { resolve } from './intrinsics';
import { type MakeDependencies, makeResource } from './make-resource';
import { hasNoLocalMeaning } from './no-local-meaning';
import type { LookUpParameter } from './parameters';
import { type Plan, planOf } from './plan';
import type { StackResource } from './scope';
import { type Template, TemplateError } from './template';

export interface StackDependencies extends MakeDependencies {
  resolveDynamic: ResolveDynamic;
  lookUpParameter: LookUpParameter;
  /** Exports of all stacks by export name; a created stack adds its own. */
  exports: Map<string, string>;
  /** Told of each resource that was created, and how long it took. */
  created?: (resource: { type: string; logicalId: string; ref: string; milliseconds: number }) => void;
}

/** A stack of the local cloud: what a template names, as it now exists. */
export class Stack {
  private readonly made = new Map<string, StackResource>();
  private values: Record<string, string> = {};

  constructor(
    readonly name: string,
    private readonly parameters: Record<string, string>,
    private readonly deps: StackDependencies,
  ) {}

  get resources(): ReadonlyMap<string, StackResource> {
    return this.made;
  }

  get outputs(): Readonly<Record<string, string>> {
    return this.values;
  }

  async create(template: Template): Promise<void> {
    const plan = this.plan(template);
    await this.makeAll(plan, plan.order);
    await this.evaluateOutputs(plan);
  }

  /**
   * Applies another template. Only resources whose evaluated properties differ are touched: a custom resource
   * receives Update or Delete, a new resource is created. Any other change is refused by name, before anything is
   * touched unless it follows from what is new.
   */
  async update(template: Template): Promise<void> {
    const plan = this.plan(template);
    const removed = [...this.made.keys()].filter((id) => !plan.declares(id));
    this.refuseAllButCustom(removed, 'remove');
    this.refuseAllButCustom(await this.changed(plan), 'change');
    await this.makeAll(
      plan,
      plan.order.filter((id) => !this.made.has(id)),
    );
    for (const id of await this.changed(plan)) await this.change(plan, id);
    // attributes of custom resources may have changed what others are made of
    this.refuseAllButCustom(await this.changed(plan), 'change');
    for (const id of removed) await this.remove(id);
    await this.evaluateOutputs(plan);
  }

  private plan(template: Template): Plan {
    return planOf(this.name, template, this.parameters, this.made, this.deps);
  }

  private makeAll(plan: Plan, ids: readonly string[]): Promise<void> {
    return allInOrder(ids, plan.needs, async (logicalId) => {
      const declaration = plan.declaration(logicalId);
      const properties = await plan.properties(logicalId);
      const started = performance.now();
      const { ref, attributes = {} } = await makeResource(
        this.name,
        logicalId,
        declaration,
        properties,
        this.deps,
      );
      const { Type: type } = declaration;
      this.made.set(logicalId, { type, ref, attributes, properties });
      this.deps.created?.({ type, logicalId, ref, milliseconds: performance.now() - started });
    });
  }

  /** Existing resources that differ; those that refer to one yet to be made cannot be judged and are left out. */
  private async changed(plan: Plan): Promise<string[]> {
    const ids: string[] = [];
    for (const id of plan.order) {
      const existing = this.made.get(id);
      if (!existing || hasNoLocalMeaning(existing.type)) continue;
      if (plan.needs(id).some((needed) => !this.made.has(needed))) continue;
      if (existing.type !== plan.declaration(id).Type) {
        throw new TemplateError(
          `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${id}]`,
        );
      }
      if (!isDeepStrictEqual(await plan.properties(id), existing.properties)) ids.push(id);
    }
    return ids;
  }

  private refuseAllButCustom(ids: readonly string[], what: string): void {
    const names = ids
      .map((id) => ({ id, type: this.made.get(id)!.type }))
      .filter(({ type }) => !isCustom(type) && !hasNoLocalMeaning(type))
      .map(({ id, type }) => `${type} (${id})`);
    if (names.length === 0) return;
    throw new TemplateError(
      `the local cloud cannot ${what} a resource of a running stack: ${names.join(', ')}; start it anew`,
    );
  }

  private async change(plan: Plan, logicalId: string): Promise<void> {
    const { type, ref: physicalId, properties: oldProperties } = this.made.get(logicalId)!;
    const properties = await plan.properties(logicalId);
    const { ref, attributes = {} } = await this.deps.customResources.request({
      requestType: 'Update',
      stack: this.name,
      logicalId,
      type,
      properties,
      physicalId,
      oldProperties,
    });
    this.made.set(logicalId, { type, ref, attributes, properties });
  }

  private async remove(logicalId: string): Promise<void> {
    const { type, ref: physicalId, properties } = this.made.get(logicalId)!;
    if (isCustom(type) && !hasNoLocalMeaning(type)) {
      const request = { requestType: 'Delete', stack: this.name, logicalId, type } as const;
      await this.deps.customResources.request({ ...request, properties, physicalId });
    }
    this.made.delete(logicalId);
  }

  private async evaluateOutputs(plan: Plan): Promise<void> {
    const values: Record<string, string> = {};
    for (const [key, output] of Object.entries(plan.template.Outputs ?? {})) {
      if (output.Condition && !plan.scope.condition(output.Condition)) continue;
      const value = String(await plan.evaluate(output.Value));
      values[key] = value;
      if (output.Export) this.deps.exports.set(String(resolve(output.Export.Name, plan.scope)), value);
    }
    this.values = values;
  }
}

/** Creates everything a template names, independent resources at the same time. Throws the first failure. */
export async function createStack(
  name: string,
  template: Template,
  parameters: Record<string, string>,
  deps: StackDependencies,
): Promise<Stack> {
  const stack = new Stack(name, parameters, deps);
  await stack.create(template);
  return stack;
}
