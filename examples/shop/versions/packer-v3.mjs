import { pack } from '../src/pack.mjs';

pack({ version: 'v3', set: 'weight = 100 + id % 900' });
