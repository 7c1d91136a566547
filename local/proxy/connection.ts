import net from 'node:net';
import { AnswerParser, type AnswerSink } from './answer-parser';
import type { Call, Carrier } from './call';
import { keepAliveMs } from './keep-alive';
import { READ_BYTES } from './llhttp';

interface Owner {
  /** The connection can take another call. */
  released(connection: Connection): void;
  closed(connection: Connection): void;
}

const CONNECT_TIMEOUT_MS = 10_000;

/** A connection to a target. It carries one call after the other, the first as soon as it is made. */
export class Connection implements AnswerSink, Carrier {
  private readonly socket: net.Socket;
  private readonly parser = new AnswerParser(this);
  private call: Call | undefined;
  private connected = false;
  private timedOut = false;
  private paused = false;
  private keepAliveMs = 0;
  private idleSince = 0;
  private timeoutMs = CONNECT_TIMEOUT_MS;

  constructor(
    host: string,
    port: number,
    private readonly owner: Owner,
  ) {
    // one buffer per connection for all that it reads: a new one for each read costs more than the reading
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    const callback = (length: number) => {
      this.read(buffer.subarray(0, length));
      return true;
    };
    this.socket = net.connect({ host, port, noDelay: true, onread: { buffer, callback } });
    this.socket.setTimeout(CONNECT_TIMEOUT_MS);
    this.socket.on('connect', () => {
      this.connected = true;
      if (this.call) this.write(this.call);
    });
    this.socket.on('timeout', () => this.onTimeout());
    this.socket.on('end', () => this.parser.finish());
    // what matters of an error is that 'close' follows
    this.socket.on('error', () => {});
    this.socket.on('close', () => this.onClose());
  }

  /** Whether an idle connection may still be used at a time of performance.now(). */
  usableAt(now: number): boolean {
    return !this.socket.destroyed && now - this.idleSince < this.keepAliveMs;
  }

  /** Only for a connection that is new, or was released and is still usable. */
  send(call: Call): void {
    this.call = call;
    call.onSent(this);
    if (this.connected) this.write(call);
  }

  pause(): void {
    this.paused = true;
    this.socket.pause();
  }

  resume(): void {
    this.paused = false;
    this.restartTimeout(this.timeoutMs);
    this.socket.resume();
  }

  /** Closes the connection; the call under way fails. */
  destroy(): void {
    this.socket.destroy();
  }

  abandon(): void {
    this.call = undefined;
    this.socket.destroy();
  }

  onHead(status: number, headers: string[], keepAlive: boolean): void {
    const { call } = this;
    if (!call) return;
    // a body after an answer to HEAD is a usual mistake, and would be taken for the next answer
    this.keepAliveMs = keepAlive && call.method !== 'HEAD' ? keepAliveMs(headers) : 0;
    call.onHead(status, headers);
  }

  onBody(bytes: Buffer): void {
    this.call?.onBody(bytes);
  }

  onEnd(): void {
    const { call } = this;
    if (!call) return;
    this.call = undefined;
    if (this.paused) this.resume();
    call.onEnd();
    const uploaded = !call.upload || call.upload.readableEnded;
    if (this.keepAliveMs > 0 && uploaded) {
      this.idleSince = performance.now();
      this.owner.released(this);
    } else this.socket.destroy();
  }

  private write(call: Call): void {
    const { socket } = this;
    if (this.timeoutMs !== call.idleTimeoutMs) this.restartTimeout(call.idleTimeoutMs);
    this.parser.expect(call.method);
    socket.write(call.head, 'latin1');
    call.upload?.pipe(socket, { end: false });
  }

  private read(bytes: Buffer): void {
    if (this.parser.read(bytes)) this.call?.onPause();
    else this.socket.destroy();
  }

  private restartTimeout(ms: number): void {
    this.timeoutMs = ms;
    this.socket.setTimeout(ms);
  }

  /** Silence is the target's fault only while the target is the one to speak or to read. */
  private onTimeout(): void {
    const { call, socket } = this;
    const uploading = call?.upload && !call.upload.readableEnded && !socket.writableNeedDrain;
    if (call && this.connected && (this.paused || uploading)) {
      this.restartTimeout(this.timeoutMs);
      return;
    }
    this.timedOut = true;
    socket.destroy();
  }

  private onClose(): void {
    this.parser.free();
    this.owner.closed(this);
    const { call, connected, timedOut } = this;
    this.call = undefined;
    call?.onFailure({ connected, timedOut });
  }
}
