import { randomFrom } from '../local/endpoint/random';
import { asProcess, commandProblems, inProcess } from './command';
import { badCommandLine, goodCommandLine } from './command-lines';

const random = randomFrom(1);

it('refuses 1,500 bad command lines with exit code 2 and one clear line', async () => {
  for (let number = 0; number < 1500; number++) {
    const line = badCommandLine(random);
    expect(commandProblems(line, await inProcess(line.args))).toEqual([]);
  }
});

it('understands what is odd and good: it fails only where AWS would be', async () => {
  for (let number = 0; number < 15; number++) {
    const { code, error } = await inProcess(goodCommandLine(random));
    expect([code, error]).toEqual([1, expect.stringContaining('ECONNREFUSED')]);
  }
});

it('prints the same as a process, where a terminal would obey what it is given', async () => {
  const args = ['approve', 'release-7', '--workflow', 'Shop', '--reason', 'ok\u001b[1A\u001b[2Kapproved'];
  const ran = await asProcess(args);
  expect(ran).toEqual(await inProcess(args));
  expect(ran).toEqual({
    code: 2,
    out: '',
    error:
      'error: --reason: expected text without control characters, which U+001B is; greenlight approve --help lists the options',
  });
});
