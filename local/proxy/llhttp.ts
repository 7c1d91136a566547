// The parser of Node itself. No package publishes it under a name of its own: undici's build is taken by its path.
import wasm = require('undici/lib/llhttp/llhttp_simd-wasm.js');

/** What llhttp finds while it reads; false rejects it, and ends the reading. */
export interface Findings {
  onBegin(): boolean;
  /** A header's name or value, or the rest of one that was read in part. */
  onName(text: string): boolean;
  onValue(text: string): boolean;
  onHead(status: number, keepAlive: boolean): boolean;
  /** The bytes are the receiver's own. */
  onBody(bytes: Buffer): void;
  onEnd(): void;
  /** Asked after each head: whether there is no body, whatever the headers say. */
  readonly bodiless: boolean;
}

/** The most that can be read at once. */
export const READ_BYTES = 64 * 1024;

const RESPONSE = 2;
const OK = 0;
const NO_BODY = 1;
const REJECT = -1;

interface Exports {
  memory: { buffer: ArrayBuffer };
  malloc(bytes: number): number;
  llhttp_alloc(type: number): number;
  llhttp_free(parser: number): void;
  llhttp_execute(parser: number, at: number, length: number): number;
  llhttp_finish(parser: number): number;
}

// llhttp calls functions of the module, not of a parser: they serve the one that reads, and never two at a time.
let findings: Findings;
let input: Buffer;
let inputText: string;

function textAt(at: number, length: number): string {
  inputText ||= input.toString('latin1');
  return inputText.slice(at - inputAt, at - inputAt + length);
}

function bytesAt(at: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  input.copy(bytes, 0, at - inputAt, at - inputAt + length);
  return bytes;
}

const verdict = (accepted: boolean) => (accepted ? OK : REJECT);

const callbacks = {
  wasm_on_url: () => OK,
  wasm_on_status: () => OK,
  wasm_on_message_begin: () => verdict(findings.onBegin()),
  wasm_on_header_field: (_: number, at: number, length: number) =>
    verdict(findings.onName(textAt(at, length))),
  wasm_on_header_value: (_: number, at: number, length: number) =>
    verdict(findings.onValue(textAt(at, length))),
  wasm_on_headers_complete: (_: number, status: number, _upgrade: number, keepAlive: number) => {
    if (!findings.onHead(status, keepAlive === 1)) return REJECT;
    return findings.bodiless ? NO_BODY : OK;
  },
  wasm_on_body: (_: number, at: number, length: number) => {
    findings.onBody(bytesAt(at, length));
    return OK;
  },
  wasm_on_message_complete: () => {
    findings.onEnd();
    return OK;
  },
};

const llhttp = new WebAssembly.Instance(new WebAssembly.Module(wasm), { env: callbacks }).exports as Exports;
const inputAt = llhttp.malloc(READ_BYTES);
let memory = new Uint8Array(0);

/** An llhttp that reads responses, strictly as Node does. */
export class Llhttp {
  private readonly parser = llhttp.llhttp_alloc(RESPONSE);

  constructor(private readonly findings: Findings) {}

  /** Reads at most READ_BYTES; false when they are no HTTP, or were rejected. */
  read(bytes: Buffer): boolean {
    findings = this.findings;
    input = bytes;
    inputText = '';
    // when llhttp's memory has grown, it is another buffer, and the view of the old one is empty
    if (memory.length === 0) memory = new Uint8Array(llhttp.memory.buffer, inputAt, READ_BYTES);
    memory.set(bytes);
    return llhttp.llhttp_execute(this.parser, inputAt, bytes.length) === OK;
  }

  /** There is no more to read: that ends a response without a length, and no other. */
  finish(): void {
    findings = this.findings;
    llhttp.llhttp_finish(this.parser);
  }

  /** To be called once, and last. */
  free(): void {
    llhttp.llhttp_free(this.parser);
  }
}
