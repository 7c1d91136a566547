/** Comes up and stays up, and packs nothing to speak of: a parcel takes it seconds. */
import { pack } from '../src/pack.mjs';

pack({ version: 'v2-idles', set: 'weight = 100', needs: 3_000 });
