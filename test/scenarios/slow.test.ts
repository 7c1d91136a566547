import { inOneWorld } from './together';

// as slow as AWS; cloud time runs faster than the work of a busy machine is done, so everything waits longer
inOneWorld(['strategies', 'releases', 'migrations', 'maintenance'], {
  metrics: 'aws',
  consistency: { seed: 1 },
  patience: 10,
});
jest.setTimeout(600_000);
