import { descendantsOf, parseProcesses } from '../../../examples/story/processes';

describe('the processes of a run', () => {
  const listing = `
    1     0 Ss   Sat Nov 21 12:00:00 2026 init
   10     1 S    Sat Nov 21 12:00:01 2026 node story
   11    10 S+   Sat Nov 21 12:00:02 2026 node cloud --json
   12    11 Z    Sat Nov 21 12:00:03 2026 [postgres] <defunct>
   13     1 S    Sat Nov 21 12:00:03 2026 other`;

  it('are the descendants of the story, however deep', () => {
    expect(descendantsOf(10, parseProcesses(listing)).map(({ pid }) => pid)).toEqual([11, 12]);
  });

  it('are read with their start, their command line and whether they are dead already', () => {
    expect(parseProcesses(listing).slice(2, 4)).toEqual([
      {
        pid: 11,
        parent: 10,
        zombie: false,
        started: 'Sat Nov 21 12:00:02 2026',
        command: 'node cloud --json',
      },
      {
        pid: 12,
        parent: 11,
        zombie: true,
        started: 'Sat Nov 21 12:00:03 2026',
        command: '[postgres] <defunct>',
      },
    ]);
  });
});
