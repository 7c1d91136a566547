import fc from 'fast-check';
import { AnswerParser } from '../../../local/proxy/answer-parser';
import { keepAliveMs } from '../../../local/proxy/keep-alive';
import { READ_BYTES } from '../../../local/proxy/llhttp';

interface Found {
  status: number;
  headers: string[];
  keepAlive: boolean;
  body: string;
  ended: boolean;
}

/** What a parser finds in the answers to GET that arrive in these pieces, one after the other. */
function found(pieces: Buffer[]): Found[] {
  const answers: Found[] = [];
  const parser = new AnswerParser({
    onHead: (status, headers, keepAlive) =>
      answers.push({ status, headers, keepAlive, body: '', ended: false }),
    onBody: (bytes) => {
      answers.at(-1)!.body += bytes.toString('latin1');
    },
    onEnd: () => {
      answers.at(-1)!.ended = true;
      parser.expect('GET');
    },
  });
  parser.expect('GET');
  for (const piece of pieces) expect(parser.read(piece)).toBe(true);
  parser.free();
  return answers;
}

/** `text` in pieces of these lengths, from the first again and again. */
function cut(text: string, lengths: number[]): Buffer[] {
  const bytes = Buffer.from(text, 'latin1');
  const pieces: Buffer[] = [];
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const length = lengths[n % lengths.length]!;
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

const name = fc.stringMatching(/^[xX]-[a-zA-Z0-9!#$%&'*+.^_`|~-]{1,12}$/);
const value = fc.stringMatching(/^([!-~\x80-\xff]([ -~\x80-\xff]{0,20}[!-~\x80-\xff])?)?$/);
const answer = fc.record({
  status: fc.constantFrom(200, 201, 404, 500),
  headers: fc.array(fc.tuple(name, value), { maxLength: 6 }),
  body: fc.string({ unit: 'binary-ascii', maxLength: 60 }),
  chunked: fc.boolean(),
});

function written({
  status,
  headers,
  body,
  chunked,
}: typeof answer extends fc.Arbitrary<infer A> ? A : never): string {
  const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`;
  const head = `HTTP/1.1 ${status} Some Reason\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}${framing}\r\n\r\n`;
  if (!chunked) return head + body;
  return `${head}${body === '' ? '' : `${body.length.toString(16)}\r\n${body}\r\n`}0\r\nX-Trailer: 1\r\n\r\n`;
}

describe('a parser of answers', () => {
  it('finds the same wherever the network cuts them', () => {
    fc.assert(
      fc.property(
        fc.array(answer, { minLength: 1, maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 20 }),
        (answers, lengths) => {
          const text = answers.map(written).join('');
          expect(found(cut(text, lengths))).toEqual(
            answers.map(({ status, headers, body, chunked }) => ({
              status,
              headers: [
                ...headers.flat(),
                ...(chunked ? ['Transfer-Encoding', 'chunked'] : ['Content-Length', String(body.length)]),
              ],
              keepAlive: true,
              body,
              ended: true,
            })),
          );
        },
      ),
      { seed: 20261130, numRuns: 300 },
    );
  });

  it('finds the same when many read at the same time, more than its memory held at first', () => {
    const body = 'x'.repeat(READ_BYTES / 2);
    const text = `HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const bodies = Array.from({ length: 2_000 }, () => '');
    const parsers = bodies.map((_, n) => {
      const parser = new AnswerParser({
        onHead: () => {},
        onBody: (bytes) => {
          bodies[n] += bytes.toString('latin1');
        },
        onEnd: () => {},
      });
      parser.expect('GET');
      return parser;
    });
    const pieces = cut(text, [20, READ_BYTES]);
    for (const piece of pieces) for (const parser of parsers) expect(parser.read(piece)).toBe(true);
    for (const parser of parsers) parser.free();
    expect(bodies.every((found) => found === body)).toBe(true);
  });

  it('rejects an answer that nobody awaits', () => {
    const parser = new AnswerParser({ onHead: () => {}, onBody: () => {}, onEnd: () => {} });
    expect(parser.read(Buffer.from('HTTP/1.1 200 OK\r\n'))).toBe(false);
    parser.free();
  });
});

it.each([
  ['four seconds, where the server says nothing', [], 4_000],
  [
    'two seconds less than the server says',
    ['Connection', 'keep-alive', 'Keep-Alive', 'timeout=5, max=100'],
    3_000,
  ],
  ['a minute at most', ['keep-alive', 'timeout=600'], 60_000],
  ['not at all, where the server says two seconds', ['keep-alive', 'timeout=2'], 0],
])('an idle connection is kept for %s', (_, headers, ms) => {
  expect(keepAliveMs(headers as string[])).toBe(ms);
});
