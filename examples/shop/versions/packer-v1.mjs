import { pack } from '../src/pack.mjs';

pack({ version: 'v1', set: "label = 'to ' || id" });
