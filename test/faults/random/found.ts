import type { Story } from './story';

/** A random story that once did not end true, as small as it could be made, and what was wrong. */
export interface Found {
  wrong: string;
  story: Story;
}

export const found: readonly Found[] = [
  {
    wrong: 'a version that was kept warm ran for ever once the next release had been rolled out in place',
    story: {
      deployments: [
        {
          version: 'v2',
          strategy: 'ALL_AT_ONCE',
          migrations: 'none',
          onBusy: 'reject',
          approval: false,
          warm: true,
          wayBack: 'automatic',
          events: [
            {
              kind: 'second',
              when: { entered: 'RetireBlue' },
              deploy: { version: 'v2', strategy: 'ROLLING', migrations: 'none', onBusy: 'wait' },
            },
          ],
        },
      ],
    },
  },
];
