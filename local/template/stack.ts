import { isDeepStrictEqual } from 'node:util';
import { allInOrder } from './all-in-order';
import type { ResolveDynamic } from './dynamic-references';
import { resolve } from './intrinsics';
import {
  changeResource,
  isChangeable,
  isRemovable,
  type MakeDependencies,
  makeResource,
  removeResource,
  type Wanted,
} from './make-resource';
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

/** CloudFormation User Guide, "DeletionPolicy attribute" and "UpdateReplacePolicy attribute"; without one, it is deleted. */
const keeps = (policy = 'Delete') => policy !== 'Delete';

type Made = Pick<StackResource, 'ref'> & Partial<Pick<StackResource, 'attributes'>>;

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
    await allInOrder(plan.order, plan.needs, (id) => this.make(plan, id));
    await this.evaluateOutputs(plan);
  }

  /**
   * Applies another template, each resource after those that it needs. One whose evaluated properties are the same is left
   * alone; another one is changed in place or replaced, as its type says. What has been replaced, and what the template no
   * longer names, ends last, unless its policy keeps it. What the local cloud can neither change nor end is refused by name,
   * before anything is touched unless it follows from what is new. A failure leaves the stack where it is, while AWS rolls it
   * back.
   */
  async update(template: Template): Promise<void> {
    const plan = this.plan(template);
    const removed = [...this.made.keys()].filter((id) => !plan.declares(id)).reverse();
    this.refuseAllBut(
      isRemovable,
      removed.filter((id) => !this.made.get(id)!.kept),
      'remove',
    );
    this.refuseAllBut(isChangeable, await this.changed(plan), 'change');
    const replaced: { id: string; before: StackResource }[] = [];
    await allInOrder(plan.order, plan.needs, async (id) => {
      const before = this.made.get(id);
      if (!before) return this.make(plan, id);
      const { UpdateReplacePolicy } = plan.declaration(id);
      if ((await this.change(plan, id, before)) && !keeps(UpdateReplacePolicy)) replaced.push({ id, before });
    });
    for (const { id, before } of replaced.reverse()) await removeResource(this.name, id, before, this.deps);
    for (const id of removed) await this.remove(id);
    await this.evaluateOutputs(plan);
  }

  private plan(template: Template): Plan {
    return planOf(this.name, template, this.parameters, this.made, this.deps);
  }

  private async wanted(plan: Plan, logicalId: string): Promise<Wanted> {
    const declaration = plan.declaration(logicalId);
    return { stack: this.name, logicalId, declaration, properties: await plan.properties(logicalId) };
  }

  private keep({ logicalId, declaration, properties }: Wanted, { ref, attributes = {} }: Made): void {
    const { Type: type, DeletionPolicy } = declaration;
    this.made.set(logicalId, { type, ref, attributes, properties, kept: keeps(DeletionPolicy) });
  }

  private async make(plan: Plan, logicalId: string): Promise<void> {
    const wanted = await this.wanted(plan, logicalId);
    const started = performance.now();
    const resource = await makeResource(wanted, this.deps);
    this.keep(wanted, resource);
    const { Type: type } = wanted.declaration;
    this.deps.created?.({
      type,
      logicalId,
      ref: resource.ref,
      milliseconds: performance.now() - started,
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

  private refuseAllBut(
    allowed: (type: string, deps: MakeDependencies) => boolean,
    ids: readonly string[],
    what: string,
  ): void {
    const names = ids
      .map((id) => ({ id, type: this.made.get(id)!.type }))
      .filter(({ type }) => !allowed(type, this.deps))
      .map(({ id, type }) => `${type} (${id})`);
    if (names.length === 0) return;
    throw new TemplateError(
      `the local cloud cannot ${what} a resource of a running stack: ${names.join(', ')}; start it anew`,
    );
  }

  /** Makes an existing resource what the template wants; true where another one has taken its place. */
  private async change(plan: Plan, logicalId: string, before: StackResource): Promise<boolean> {
    const wanted = await this.wanted(plan, logicalId);
    if (isDeepStrictEqual(wanted.properties, before.properties)) {
      this.keep(wanted, before);
      return false;
    }
    this.refuseAllBut(isChangeable, [logicalId], 'change');
    const resource = await changeResource(wanted, before, this.deps);
    this.keep(wanted, resource);
    return resource.ref !== before.ref;
  }

  private async remove(logicalId: string): Promise<void> {
    const existing = this.made.get(logicalId)!;
    if (!existing.kept) await removeResource(this.name, logicalId, existing, this.deps);
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
