import type { Clock } from '../clock';
import { type HealthCheck, probe } from './health-check';
import { ProxyTarget, REASONS } from './target';

export interface TargetGroupOptions {
  /** Names the group in metrics and in the stickiness cookie. */
  fullName: string;
  check: HealthCheck;
  /** How long a deregistered target stays `draining`. */
  deregistrationDelayMs: number;
}

const keyOf = (id: string, port: number) => `${id}:${port}`;

/** A target group's data plane: who is registered, who is healthy, and whose turn it is. */
export class TargetGroup {
  private readonly targets = new Map<string, ProxyTarget>();
  private readonly watches = new Map<ProxyTarget, AbortController>();
  private eligible: ProxyTarget[] = [];
  private turn = 0;
  private used = false;
  private readonly ended = new AbortController();

  constructor(
    readonly options: TargetGroupOptions,
    private readonly clock: Clock,
  ) {}

  all(): ProxyTarget[] {
    return [...this.targets.values()];
  }

  find(id: string, port: number): ProxyTarget | undefined {
    return this.targets.get(keyOf(id, port));
  }

  /** Registers a target; one that is registered already stays as it is, one that is draining starts anew. */
  register(id: string, port: number): void {
    const known = this.find(id, port);
    if (known && known.state !== 'draining') return;
    const target = new ProxyTarget(id, port);
    this.targets.set(keyOf(id, port), target);
    if (this.used) this.watch(target);
    this.refresh();
  }

  /**
   * Sends no new request to the target. It stays `draining` for the whole delay even when it is idle, and requests
   * still open then get as much real time again: an accelerated clock must not cut work that runs at its own speed.
   * Resolves when the target is gone.
   */
  async deregister(id: string, port: number): Promise<void> {
    const target = this.find(id, port);
    if (!target || target.state === 'draining') return;
    this.unwatch(target);
    target.set('draining', REASONS.draining);
    this.refresh();
    const delay = this.options.deregistrationDelayMs;
    const over = new AbortController();
    const { signal } = this.ended;
    await this.clock.sleep(delay, signal).catch(() => {});
    const deadline = this.clock.deadline(delay, AbortSignal.any([signal, over.signal])).catch(() => {});
    await Promise.race([target.idle(), deadline]);
    over.abort();
    if (this.find(id, port) === target) this.targets.delete(keyOf(id, port));
    target.destroy();
  }

  /** Whether a rule or listener names the group, at whatever weight; only then are targets checked. */
  use(used: boolean): void {
    if (used === this.used) return;
    this.used = used;
    for (const target of this.targets.values()) {
      if (target.state === 'draining') continue;
      this.unwatch(target);
      if (used) this.watch(target);
      else target.set('unused', REASONS.notInUse);
    }
    this.refresh();
  }

  /** The next target in turn; undefined when there is none. Without a healthy one every target is tried: ELB fails open. */
  pick(): ProxyTarget | undefined {
    const { eligible } = this;
    if (eligible.length === 0) return undefined;
    this.turn = (this.turn + 1) % eligible.length;
    return eligible[this.turn];
  }

  async close(): Promise<void> {
    this.ended.abort();
    for (const target of this.watches.keys()) this.unwatch(target);
    for (const target of this.all()) target.destroy();
  }

  private refresh(): void {
    const open = this.all().filter(({ state }) => state !== 'draining');
    const healthy = open.filter(({ state }) => state === 'healthy');
    this.eligible = healthy.length > 0 ? healthy : open;
  }

  private watch(target: ProxyTarget): void {
    if (!this.options.check.enabled) {
      target.set('healthy');
      return;
    }
    target.set('initial', REASONS.checking);
    const stop = new AbortController();
    this.watches.set(target, stop);
    this.checkUntil(target, stop.signal).catch((error) => {
      if (!stop.signal.aborted) throw error;
    });
  }

  private unwatch(target: ProxyTarget): void {
    this.watches.get(target)?.abort();
    this.watches.delete(target);
  }

  private async checkUntil(target: ProxyTarget, signal: AbortSignal): Promise<void> {
    const { firstAfterMs = 0, intervalMs } = this.options.check;
    if (firstAfterMs > 0) await this.clock.sleep(Math.min(firstAfterMs, intervalMs), signal);
    while (!signal.aborted) {
      const { check } = this.options;
      const result = await probe(target.id, target.port, check, signal);
      if (signal.aborted) return;
      if (target.note(result, check)) this.refresh();
      await this.clock.sleep(check.intervalMs, signal);
    }
  }
}
