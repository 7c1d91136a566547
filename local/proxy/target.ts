import type { Socket } from 'node:net';
import type { Call } from './call';
import { Connections } from './connections';
import type { CheckResult, HealthCheck } from './health-check';

/** ELB's target states, as far as they occur here. */
export type TargetState = 'initial' | 'healthy' | 'unhealthy' | 'unused' | 'draining';

/** ELB's words for a state that is not `healthy`. */
export interface Reason {
  code: string;
  description: string;
}

export const REASONS = {
  registering: { code: 'Elb.RegistrationInProgress', description: 'Target registration is in progress' },
  checking: { code: 'Elb.InitialHealthChecking', description: 'Initial health checks in progress' },
  notInUse: {
    code: 'Target.NotInUse',
    description: 'Target group is not configured to receive traffic from the load balancer',
  },
  checksDisabled: {
    code: 'Target.HealthCheckDisabled',
    description: 'Health checks are not enabled for this target',
  },
  notRegistered: {
    code: 'Target.NotRegistered',
    description: 'Target is not registered to the target group',
  },
  draining: { code: 'Target.DeregistrationInProgress', description: 'Target deregistration is in progress' },
} satisfies Record<string, Reason>;

/** One registered address with its state, its connections and its open requests. */
export class ProxyTarget {
  state: TargetState = 'unused';
  reason: Reason | undefined = REASONS.notInUse;
  private readonly connections: Connections;
  private readonly tunnels = new Set<Socket>();
  private openRequests = 0;
  private passed = 0;
  private missed = 0;
  private whenIdle: (() => void) | undefined;

  constructor(
    readonly id: string,
    readonly port: number,
  ) {
    this.connections = new Connections(id, port);
  }

  get address(): string {
    return `${this.id}:${this.port}`;
  }

  set(state: TargetState, reason?: Reason): void {
    this.state = state;
    this.reason = reason;
    this.passed = 0;
    this.missed = 0;
  }

  /** Counts one check; returns whether the state changed. A target that was never healthy needs one pass only. */
  note(result: CheckResult, check: HealthCheck): boolean {
    const before = this.state;
    if (result.ok) {
      this.missed = 0;
      this.passed++;
      const needed = this.state === 'initial' ? 1 : check.healthyThreshold;
      if (this.state !== 'healthy' && this.passed >= needed) this.set('healthy');
    } else {
      this.passed = 0;
      this.missed++;
      const reason = { code: result.reason, description: result.description };
      if (this.state !== 'unhealthy' && this.missed >= check.unhealthyThreshold)
        this.set('unhealthy', reason);
      else if (this.state === 'unhealthy') this.reason = reason;
    }
    return this.state !== before;
  }

  /** Sends a request; `ended` must follow exactly once. */
  send(call: Call): void {
    this.openRequests++;
    this.connections.send(call);
  }

  /** Counts a connection that was switched to another protocol as an open request, until it closes. */
  carry(socket: Socket): void {
    this.openRequests++;
    this.tunnels.add(socket);
    socket.once('close', () => {
      this.tunnels.delete(socket);
      this.ended();
    });
  }

  ended(): void {
    this.openRequests--;
    if (this.openRequests === 0) this.whenIdle?.();
  }

  /** Resolves when no request is open. */
  idle(): Promise<void> {
    if (this.openRequests === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.whenIdle = resolve;
    });
  }

  /** Cuts what is still open. */
  destroy(): void {
    this.connections.destroy();
    for (const socket of this.tunnels) socket.destroy();
  }
}
