import type { Clock } from '../../clock';
import type { StackDependencies, Template } from '../../template';
import { carryOutCreation, carryOutDeletion, carryOutUpdate } from './carry-out';
import { faults } from './faults';
import { StackRecord } from './record';
import type { Wish } from './wish';

export interface CloudFormationParts {
  clock: Clock;
  /** What the stacks of requests are made with. */
  dependencies: () => StackDependencies;
  /** An object in S3, where templates are; undefined when it is not there. */
  objectOf(bucket: string, key: string): Buffer | undefined;
}

/** All stacks of the cloud, those of its assembly and those of requests. */
export class Registry {
  private readonly records: StackRecord[] = [];
  private readonly working = new Set<Promise<void>>();

  constructor(private readonly parts: CloudFormationParts) {}

  all(): readonly StackRecord[] {
    return this.records;
  }

  /** The stack with a name, or with an ARN, by which deleted ones are known as well. */
  maybe(nameOrId: string): StackRecord | undefined {
    return this.records.find(({ id, name, isGone }) => id === nameOrId || (!isGone && name === nameOrId));
  }

  /** Throws ValidationError where there is none. */
  find(nameOrId: string): StackRecord {
    const found = this.maybe(nameOrId);
    if (found) return found;
    throw faults.noStack(nameOrId);
  }

  add(name: string, dependencies = this.parts.dependencies()): StackRecord {
    const record = new StackRecord(name, this.parts.clock, dependencies);
    this.records.push(record);
    return record;
  }

  /** A stack that has only been looked at goes without a trace. */
  forget(record: StackRecord): void {
    this.records.splice(this.records.indexOf(record), 1);
  }

  /** Begins with an operation, whose end its stack tells. */
  begin(work: Promise<void>): void {
    // what has failed is told by the stack's status and its events
    const ended = work.catch(() => {}).finally(() => this.working.delete(ended));
    this.working.add(ended);
  }

  /** Throws ValidationError where another stack imports what this one exports, and would export no more. */
  refuseLoss(record: StackRecord, exports: ReadonlySet<string> = new Set()): void {
    for (const name of record.stack.exports) {
      if (exports.has(name)) continue;
      const users = this.records.filter((other) => !other.isGone && other.stack.imports.has(name));
      if (users.length > 0)
        throw faults.invalid(
          `Delete canceled. Cannot delete export ${name} as it is in use by ${users.map((user) => user.name).join(', ')}.`,
        );
    }
  }

  delete(record: StackRecord): Promise<void> {
    if (record.isProtected)
      throw faults.invalid(`Stack [${record.id}] cannot be deleted while TerminationProtection is enabled`);
    if (record.isBusy) throw faults.busy(record.id, record.status, 'deleted');
    this.refuseLoss(record);
    return carryOutDeletion(record);
  }

  execute(record: StackRecord, wish: Wish): Promise<void> {
    const isNew = record.status === 'REVIEW_IN_PROGRESS';
    return isNew ? carryOutCreation(record, wish) : carryOutUpdate(record, wish);
  }

  async close(): Promise<void> {
    await Promise.race([Promise.all(this.working), new Promise((resolve) => setTimeout(resolve, 100))]);
  }
}

export const sourceOf = (template: Template) => ({ text: JSON.stringify(template), template });
