import { fullText, noRoom } from '../../../src/domain/database/connections';

const room = { used: 40, most: 100, reserved: 3, live: 30 };

it('has room where both versions and the workflow find connections', () => {
  expect(noRoom(room)).toBeUndefined();
  expect(noRoom({ ...room, used: 63 })).toBeUndefined();
});

it('has none where green would meet "too many clients", and says what to change', () => {
  expect(noRoom({ ...room, used: 64 })).toBe(
    "the database has no room for both versions: 64 of 100 connections are in use (3 are reserved), 30 of them by the live version, and green would open as many; raise max_connections, or make the application's pool smaller",
  );
});

it('does not guess where a proxy or a pooler holds the connections', () =>
  expect(noRoom({ ...room, used: 96, live: 0 })).toBeUndefined());

it('says of a database that is full what has to change, and nothing of one that is not', () => {
  const all = (seen: string) =>
    `; all connections of the database are in use (${seen}): raise max_connections, or make the application's pool smaller`;
  expect(fullText({ unreachable: '53300: sorry, too many clients already' })).toBe(
    all('53300: sorry, too many clients already'),
  );
  expect(fullText({ ...room, used: 97 })).toBe(all('97 of 100'));
  expect(fullText({ ...room, used: 96 })).toBe('');
  expect(fullText({ unreachable: 'ECONNREFUSED: connect' })).toBe('');
});
