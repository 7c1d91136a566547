import type { Call } from './call';
import { Connection } from './connection';

const SWEEP_MS = 1_000;

/** All connections to one target: as many as there are calls under way. */
export class Connections {
  private readonly open = new Set<Connection>();
  /** The one that was used last is the last. */
  private readonly idle: Connection[] = [];
  private calls: Call[] = [];
  private ended = false;
  private readonly sweep = setInterval(() => this.closeExpired(), SWEEP_MS).unref();

  constructor(
    private readonly host: string,
    private readonly port: number,
  ) {}

  /**
   * Makes a call, but only after everything that arrived together with its request: a target may have closed an idle
   * connection just then, and what is written to it would be lost.
   */
  send(call: Call): void {
    if (this.calls.push(call) === 1) setImmediate(this.sendAll);
  }

  /** Closes all connections; calls under way fail. */
  destroy(): void {
    this.ended = true;
    clearInterval(this.sweep);
    for (const connection of this.open) connection.destroy();
  }

  /** For connections only. */
  released(connection: Connection): void {
    this.idle.push(connection);
  }

  /** For connections only. */
  closed(connection: Connection): void {
    this.open.delete(connection);
    const index = this.idle.indexOf(connection);
    if (index >= 0) this.idle.splice(index, 1);
  }

  private readonly sendAll = (): void => {
    const { calls } = this;
    this.calls = [];
    const now = performance.now();
    for (const call of calls) {
      if (call.over) continue;
      if (this.ended) call.onFailure({ connected: true, timedOut: false });
      else (this.nextIdle(now) ?? this.connect()).send(call);
    }
  };

  private nextIdle(now: number): Connection | undefined {
    for (;;) {
      const connection = this.idle.pop();
      if (!connection || connection.usableAt(now)) return connection;
      connection.destroy();
    }
  }

  private connect(): Connection {
    const connection = new Connection(this.host, this.port, this);
    this.open.add(connection);
    return connection;
  }

  private closeExpired(): void {
    const now = performance.now();
    for (const connection of this.idle) if (!connection.usableAt(now)) connection.destroy();
  }
}
