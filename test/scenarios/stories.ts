import type { Ended, World } from './world';

/** Half the users see green, and few requests suffice: the scenarios' load is small. */
export const quick = { canaryPercent: 50, thresholds: { minimumRequests: 30 } };

/** Deployments that together need every grant of every step. */
export const stories: Record<string, (world: World) => Promise<Ended>> = {
  release: (world) => world.deploy({ image: 'shop:v2', validation: 'comprehensive', ...quick }),

  'half-applied migration': (world) => world.deploy({ image: 'shop:v4', ...quick }),

  /** A column goes once the version that used it is gone. */
  'contract migration': (world) => world.deploy({ image: 'shop:v7', ...quick }),

  'contract migration that hangs': (world) =>
    world.deploy({ image: 'shop:v7', ...quick, strategy: 'ALL_AT_ONCE', deadlines: { contractSeconds: 6 } }),

  'sick green': (world) => world.deploy({ image: 'shop:v3', ...quick }),

  'green that never comes up': (world) =>
    world.deploy({ image: 'shop:v5', ...quick, deadlines: { greenSeconds: 30 } }),

  'rollout in place that crashes': (world) =>
    world.deploy({ image: 'shop:v5', ...quick, strategy: 'ROLLING' }),

  /** A forgotten transaction holds the table that the migration wants, until the migration's deadline is over. */
  'migration that hangs': async (world) => {
    const release = await world.holdLock('orders');
    try {
      return await world.deploy({ image: 'shop:v2', ...quick, deadlines: { migrationSeconds: 1 } });
    } finally {
      await release();
    }
  },

  /** The snapshot is made, but the answer is lost: as often as the SDK tries, and once more for the graph. */
  'lost answer': async (world) => {
    world.fault({ operation: 'rds:CreateDBSnapshot', kind: 'after', times: 3 });
    return world.deploy({ image: 'shop:v5', ...quick, deadlines: { greenSeconds: 1 } });
  },

  /** Somebody moves the weights while the canary bakes. */
  'meddled weights': async (world) => {
    const execution = await world.start({
      service: 'shop',
      image: 'shop:v2',
      reason: 'a test',
      ...quick,
      bakeSeconds: 600,
    });
    if (await world.entered(execution, 'Bake')) await world.setWeights({ a: 60, b: 40 });
    return world.ended(execution);
  },
};
