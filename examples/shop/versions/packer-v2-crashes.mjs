/** Ends at the first parcel: the task comes up, and down again. */
import { pack } from '../src/pack.mjs';

pack({ version: 'v2-crashes', set: 'wieght = 100' });
