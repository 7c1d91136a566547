import { type Findings, Llhttp } from './llhttp';

/** Takes what a parser finds, in this order. */
export interface AnswerSink {
  /** `headers` are name, value, name, value, as they were sent; `keepAlive`: the connection outlives the answer. */
  onHead(status: number, headers: string[], keepAlive: boolean): void;
  onBody(bytes: Buffer): void;
  onEnd(): void;
}

const LARGEST_HEAD_BYTES = 16 * 1024;
const SMALLEST_STATUS = 100;
const SMALLEST_FINAL_STATUS = 200;
const SWITCHING_PROTOCOLS = 101;

/** Reads the answers that arrive over one connection to a target; interim answers (1xx) are passed over. */
export class AnswerParser implements Findings {
  private readonly llhttp = new Llhttp(this);
  bodiless = false;
  private awaiting = false;
  private status = 0;
  private headers: string[] = [];
  private headBytes = 0;

  constructor(private readonly sink: AnswerSink) {}

  /** From now on one answer is expected; one to HEAD has no body whatever its headers say. */
  expect(method: string): void {
    this.awaiting = true;
    this.bodiless = method === 'HEAD';
  }

  /** Reads at most READ_BYTES; false when they are not what is expected. */
  read(bytes: Buffer): boolean {
    return this.llhttp.read(bytes);
  }

  /** The target has closed the connection: that ends an answer without a length, and no other. */
  finish(): void {
    this.llhttp.finish();
  }

  /** To be called once, and last. */
  free(): void {
    this.llhttp.free();
  }

  onBegin(): boolean {
    this.headBytes = 0;
    return this.awaiting;
  }

  onName(text: string): boolean {
    return this.add(text, this.headers.length % 2 === 0);
  }

  onValue(text: string): boolean {
    return this.add(text, this.headers.length % 2 === 1);
  }

  onHead(status: number, keepAlive: boolean): boolean {
    if (status < SMALLEST_STATUS || status === SWITCHING_PROTOCOLS) return false;
    const { headers } = this;
    this.status = status;
    this.headers = [];
    if (status >= SMALLEST_FINAL_STATUS) this.sink.onHead(status, headers, keepAlive);
    return true;
  }

  onBody(bytes: Buffer): void {
    this.sink.onBody(bytes);
  }

  onEnd(): void {
    // trailers are not passed on
    this.headers = [];
    if (this.status < SMALLEST_FINAL_STATUS) return;
    this.awaiting = false;
    this.sink.onEnd();
  }

  private add(text: string, begins: boolean): boolean {
    const { headers } = this;
    if (begins) headers.push(text);
    else headers[headers.length - 1] += text;
    this.headBytes += text.length;
    return this.headBytes <= LARGEST_HEAD_BYTES;
  }
}
