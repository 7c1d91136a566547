import type { IncomingMessage } from 'node:http';
import { type Readable, Transform } from 'node:stream';
import type { RequestHead } from './request-head';

/** A body in chunks, as HTTP/1.1 sends one of unknown length. */
class Chunks extends Transform {
  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.push(`${chunk.length.toString(16)}\r\n`, 'latin1');
    this.push(chunk);
    this.push('\r\n', 'latin1');
    done();
  }

  override _flush(done: () => void): void {
    this.push('0\r\n\r\n', 'latin1');
    done();
  }
}

/** A request's body as it goes over the wire; undefined when it has none. */
export function uploadOf(request: IncomingMessage, body: RequestHead['body']): Readable | undefined {
  if (body === 'none') return undefined;
  return body === 'sized' ? request : request.pipe(new Chunks());
}

/** Reads on what a target did not take of a body; unread, it would block the next request of the connection. */
export function dropRest(request: IncomingMessage): void {
  request.unpipe();
  request.resume();
}
