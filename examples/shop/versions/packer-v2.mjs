import { pack } from '../src/pack.mjs';

pack({ version: 'v2', set: "label = 'to ' || id, weight = 100 + id % 900" });
