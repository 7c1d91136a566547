import { problem, response } from '../../../src/domain/api/response';
import { redaction } from '../../../src/domain/privacy/redaction';

const redact = redaction(['customer-\\d{4}']);

it('nothing leaves that a pattern or a password keeps back, in what was done and in what was not', () => {
  const said = { reason: 'customer-4711', question: 'may customer-4711 have it?' };
  expect(response(200, said, redact).body).toBe('{"reason":"***","question":"may *** have it?"}');
  const errors = ['body.image: expected an image, received "postgres://shop:geheim@db"'];
  const { body } = problem(400, 'for customer-4711', redact, errors);
  expect(JSON.parse(body)).toEqual({
    ...{ type: 'about:blank', title: 'Bad Request', status: 400, detail: 'for ***' },
    errors: ['body.image: expected an image, received "postgres://shop:***@db"'],
  });
});

it('says by its content type which of both it is, and no cache keeps it', () => {
  const kinds = [response(202, {}, redact), problem(404, 'there is none', redact)].map(
    ({ statusCode, headers }) => [statusCode, headers],
  );
  expect(kinds).toEqual([
    [202, { 'content-type': 'application/json', 'cache-control': 'no-store' }],
    [404, { 'content-type': 'application/problem+json', 'cache-control': 'no-store' }],
  ]);
});
