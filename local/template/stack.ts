import { isDeepStrictEqual } from 'node:util';
import { arn } from '../names';
import { allInOrder } from './all-in-order';
import { changesTo, type ResourceChange } from './changes';
import { driftsOf, type ResourceDrift } from './drift';
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
import type { ResourceEvent } from './stack-events';
import { type Template, TemplateError } from './template';

export interface StackDependencies extends MakeDependencies {
  resolveDynamic: ResolveDynamic;
  lookUpParameter: LookUpParameter;
  /** Exports of all stacks by export name; a stack that is made or changed keeps its own up to date. */
  exports: Map<string, string>;
  /** Told of what begins and ends with each resource. */
  told?: (event: ResourceEvent) => void;
}

type Made = Pick<StackResource, 'ref'> & Partial<Pick<StackResource, 'attributes'>>;

/** A resource that an update has begun to change: what it was, and what it was to become. */
interface Touched {
  id: string;
  before?: StackResource;
  /** Of a change in place: its new properties, whether or not the change was finished. */
  properties?: Record<string, unknown>;
}

const message = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** A stack of the local cloud: what a template names, as it now exists. */
export class Stack {
  private readonly made = new Map<string, StackResource>();
  private values: Record<string, string> = {};
  /** The names under which it exports outputs, by output. */
  private exported: Readonly<Record<string, string>> = {};
  /** Of the template that it has; absent before its creation is over. */
  private current: Plan | undefined;
  /** In the order in which the operation under way, or the last one, has begun with them. */
  private touched: Touched[] = [];
  /** What it had before that operation. */
  private snapshot: ReadonlyMap<string, StackResource> = new Map();

  constructor(
    readonly name: string,
    private parameters: Readonly<Record<string, string>>,
    private readonly deps: StackDependencies,
    readonly id = arn('cloudformation', `stack/${name}/local`),
  ) {}

  get resources(): ReadonlyMap<string, StackResource> {
    return this.made;
  }

  get outputs(): Readonly<Record<string, string>> {
    return this.values;
  }

  /** The names under which it exports outputs. */
  get exports(): readonly string[] {
    return Object.values(this.exported);
  }

  exportOf(output: string): string | undefined {
    return this.exported[output];
  }

  /** The exports of other stacks that it refers to. */
  get imports(): ReadonlySet<string> {
    return this.current?.imports ?? new Set();
  }

  /** What a template with these parameters would mean for it. Throws TemplateError for what the local cloud cannot create. */
  plan(template: Template, parameters = this.parameters): Plan {
    return planOf({ name: this.name, id: this.id }, template, parameters, this.made, this.deps);
  }

  /** What an update to this plan would change: all of it is new where nothing has been created. */
  changesTo(plan: Plan): Promise<ResourceChange[]> {
    return changesTo(plan, { plan: this.current ?? plan, resources: this.made, deps: this.deps });
  }

  /** How its resources stand to what its template says. */
  drifts(): ResourceDrift[] {
    return driftsOf(this.made, this.deps.live);
  }

  async create(template: Template, parameters = this.parameters): Promise<void> {
    const plan = this.plan(template, parameters);
    this.parameters = parameters;
    this.current = plan;
    await allInOrder(plan.order, plan.needs, (id) => this.make(plan, id));
    await this.evaluateOutputs(plan);
  }

  /**
   * Applies another template, each resource after those that it needs. One whose evaluated properties are the same is left
   * alone; another one is changed in place or replaced, as its type says. What has been replaced, and what the template no
   * longer names, ends last, unless its policy keeps it. What the local cloud can neither change nor end is refused by name,
   * before anything is touched unless it follows from what is new. A failure leaves the stack where it is: `rollBack`
   * brings back what was. What could not end does not fail the update, as on AWS: it is told, and nobody names it any more.
   * `applied` is called when only ends are left.
   */
  async update(template: Template, parameters = this.parameters, applied = () => {}): Promise<void> {
    const plan = this.plan(template, parameters);
    this.touched = [];
    this.snapshot = new Map(this.made);
    const removed = [...this.made.keys()].filter((id) => !plan.declares(id)).reverse();
    this.refuseAllBut(
      isRemovable,
      removed.filter((id) => !this.isKept(id)),
      'remove',
    );
    this.refuseAllBut(isChangeable, await this.changed(plan), 'change');
    const replaced: { id: string; before: StackResource }[] = [];
    await allInOrder(plan.order, plan.needs, async (id) => {
      const before = this.made.get(id);
      if (!before) return this.make(plan, id);
      if (await this.change(plan, id, before)) replaced.push({ id, before });
    });
    await this.evaluateOutputs(plan);
    this.parameters = parameters;
    this.current = plan;
    applied();
    for (const { id, before } of replaced.reverse())
      await this.end(id, before, plan.declaration(id).UpdateReplacePolicy).catch(() => {});
    for (const id of removed) {
      await this.remove(id).catch(() => {});
      this.made.delete(id);
    }
  }

  /**
   * Undoes what the operation before has begun, the last first: what it made ends, what it replaced is back, and what it
   * changed has its properties of before.
   */
  async rollBack(): Promise<void> {
    for (const { id, before, properties } of this.touched.reverse()) {
      const now = this.made.get(id);
      if (!before) {
        if (now) await this.remove(id, 'RetainExceptOnCreate');
        continue;
      }
      if (now && now.ref !== before.ref) await this.end(id, now);
      else if (properties) await this.putBack(id, before, properties);
    }
    this.touched = [];
    this.made.clear();
    for (const [id, resource] of this.snapshot) this.made.set(id, resource);
  }

  /** Ends all of its resources, those that need others first, except what their policies keep. */
  async delete(): Promise<void> {
    const ids = [...this.made.keys()];
    this.refuseAllBut(
      isRemovable,
      ids.filter((id) => !this.isKept(id)),
      'remove',
    );
    const needs = (id: string) => this.current?.needs(id) ?? [];
    const neededBy = (id: string) => ids.filter((other) => needs(other).includes(id));
    await allInOrder(ids, neededBy, (id) => this.remove(id));
    this.forgetExports();
  }

  private async wanted(plan: Plan, logicalId: string): Promise<Wanted> {
    const declaration = plan.declaration(logicalId);
    return { stack: this, logicalId, declaration, properties: await plan.properties(logicalId) };
  }

  private keep({ logicalId, declaration, properties }: Wanted, { ref, attributes = {} }: Made): void {
    const { Type: type, DeletionPolicy: deletionPolicy = 'Delete' } = declaration;
    this.made.set(logicalId, { type, ref, attributes, properties, deletionPolicy });
  }

  private isKept(id: string): boolean {
    return this.made.get(id)!.deletionPolicy.startsWith('Retain');
  }

  /** Does some work on a resource, whose beginning and end are told. */
  private async telling<Result extends { ref: string } | undefined>(
    { logicalId, type, ref }: { logicalId: string; type: string; ref?: string },
    what: 'CREATE' | 'UPDATE' | 'DELETE',
    work: () => Promise<Result>,
  ): Promise<Result> {
    const event = { logicalId, type, ref };
    this.deps.told?.({ ...event, status: `${what}_IN_PROGRESS` });
    const started = performance.now();
    try {
      const made = await work();
      const milliseconds = performance.now() - started;
      this.deps.told?.({ ...event, ref: made?.ref ?? ref, status: `${what}_COMPLETE`, milliseconds });
      return made;
    } catch (error) {
      this.deps.told?.({ ...event, status: `${what}_FAILED`, reason: message(error) });
      throw error;
    }
  }

  private async make(plan: Plan, logicalId: string): Promise<void> {
    this.touched.push({ id: logicalId });
    const { Type: type } = plan.declaration(logicalId);
    await this.telling({ logicalId, type }, 'CREATE', async () => {
      const wanted = await this.wanted(plan, logicalId);
      const resource = await makeResource(wanted, this.deps);
      this.keep(wanted, resource);
      return resource;
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
    this.touched.push({ id: logicalId, before, properties: wanted.properties });
    const resource = await this.telling({ logicalId, type: before.type, ref: before.ref }, 'UPDATE', () =>
      changeResource(wanted, before, this.deps),
    );
    this.keep(wanted, resource);
    return resource.ref !== before.ref;
  }

  /** Gives a resource back the properties that it had before a change in place. */
  private async putBack(
    logicalId: string,
    before: StackResource,
    properties: Record<string, unknown>,
  ): Promise<void> {
    const declaration = this.current!.declaration(logicalId);
    const wanted = { stack: this, logicalId, declaration, properties: before.properties };
    await this.telling({ logicalId, type: before.type, ref: before.ref }, 'UPDATE', () =>
      changeResource(wanted, { ...before, properties }, this.deps),
    );
  }

  /** Ends what nobody names any more, unless its policy keeps it. */
  private async end(logicalId: string, resource: StackResource, policy = 'Delete'): Promise<void> {
    const { type, ref } = resource;
    const event = { logicalId, type, ref };
    if (policy.startsWith('Retain')) return this.deps.told?.({ ...event, status: 'DELETE_SKIPPED' });
    await this.telling(event, 'DELETE', async () => {
      await removeResource(this, logicalId, resource, this.deps, policy === 'Snapshot');
      return undefined;
    });
  }

  /** `unless` is a policy that does not count. */
  private async remove(logicalId: string, unless?: string): Promise<void> {
    const existing = this.made.get(logicalId)!;
    const { deletionPolicy } = existing;
    await this.end(logicalId, existing, deletionPolicy === unless ? 'Delete' : deletionPolicy);
    this.made.delete(logicalId);
  }

  private forgetExports(): void {
    for (const name of this.exports) this.deps.exports.delete(name);
    this.exported = {};
  }

  private async evaluateOutputs(plan: Plan): Promise<void> {
    const values: Record<string, string> = {};
    const exported: Record<string, string> = {};
    for (const [key, output] of Object.entries(plan.template.Outputs ?? {})) {
      if (output.Condition && !plan.scope.condition(output.Condition)) continue;
      const value = String(await plan.evaluate(output.Value));
      values[key] = value;
      if (output.Export) exported[key] = String(resolve(output.Export.Name, plan.scope));
    }
    this.forgetExports();
    for (const [key, name] of Object.entries(exported)) this.deps.exports.set(name, values[key]!);
    this.exported = exported;
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
