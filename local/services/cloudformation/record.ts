import { randomUUID } from 'node:crypto';
import type { StackStatus } from '@aws-sdk/client-cloudformation';
import type { Clock } from '../../clock';
import { arn } from '../../names';
import { type ResourceEvent, Stack, type StackDependencies } from '../../template';
import type { ChangeSet } from './change-sets';
import type { Wish } from './wish';

export interface StackEvent extends Omit<ResourceEvent, 'status' | 'milliseconds'> {
  id: string;
  at: Date;
  status: string;
  token?: string;
}

export const STACK_TYPE = 'AWS::CloudFormation::Stack';

/** A stack as CloudFormation shows it: what it was asked to be, where it stands and what has happened to it. */
export class StackRecord {
  readonly id: string;
  readonly stack: Stack;
  readonly createdAt: Date;
  readonly events: StackEvent[] = [];
  readonly changeSets = new Map<string, ChangeSet>();
  /** When each of its resources has changed its status, and to which, by logical id. */
  readonly resources = new Map<string, StackEvent>();
  /** Absent before its first change set is executed. */
  wish: Wish | undefined;
  status: StackStatus = 'REVIEW_IN_PROGRESS';
  reason: string | undefined;
  updatedAt: Date | undefined;
  deletedAt: Date | undefined;
  isProtected = false;
  /** What its operations that somebody has begun are known by. */
  token: string | undefined;

  constructor(
    readonly name: string,
    private readonly clock: Clock,
    dependencies: StackDependencies,
  ) {
    this.id = arn('cloudformation', `stack/${name}/${randomUUID()}`);
    this.createdAt = new Date(clock.now());
    const told = (event: ResourceEvent) => {
      this.tell(event);
      dependencies.told?.(event);
    };
    this.stack = new Stack(name, {}, { ...dependencies, told }, this.id);
  }

  get isGone(): boolean {
    return this.status === 'DELETE_COMPLETE';
  }

  get isBusy(): boolean {
    return this.status.endsWith('_IN_PROGRESS') && this.status !== 'REVIEW_IN_PROGRESS';
  }

  /** The logical ids whose creation or change has failed since an operation began, which is after `count` events. */
  failedSince(count: number): { ids: string[]; verb: string } {
    const failed = this.events.slice(count).filter(({ status }) => status.endsWith('_FAILED'));
    const ids = [...new Set(failed.map(({ logicalId }) => logicalId))];
    return { ids, verb: failed[0]?.status.startsWith('CREATE') ? 'create' : 'update' };
  }

  become(status: StackStatus, reason?: string): void {
    this.status = status;
    this.reason = reason;
    const now = new Date(this.clock.now());
    if (status.startsWith('UPDATE') || status === 'ROLLBACK_IN_PROGRESS') this.updatedAt = now;
    if (status === 'DELETE_COMPLETE') this.deletedAt = now;
    this.tell({ logicalId: this.name, type: STACK_TYPE, ref: this.id, status, reason });
  }

  private tell({ logicalId, type, ref, status, reason }: Omit<StackEvent, 'id' | 'at'>): void {
    const at = new Date(this.clock.now());
    const id = `${logicalId}-${status}-${randomUUID()}`;
    const event = { id, at, logicalId, type, ref, status, reason, token: this.token };
    this.events.push(event);
    if (type !== STACK_TYPE || ref !== this.id) this.resources.set(logicalId, event);
  }
}
