import { analyse } from './analyse';
import { asl } from './asl';
import { ci } from './ci';
import { cli } from './cli';
import type { Bench } from './frame/row';
import { functions } from './functions';
import { loss } from './loss';
import { memory } from './memory';
import { page } from './page';
import { proxy } from './proxy';
import { rollback } from './rollback';
import { story } from './story';
import { synth } from './synth';
import { tried } from './try';
import { watching } from './watching';
import { wire } from './wire';

/** The table of contents, in the order of docs/performance.md. */
export const benches: Readonly<Record<string, Bench>> = {
  functions,
  rollback,
  cli,
  synth,
  story,
  analyse,
  try: tried,
  asl,
  wire,
  proxy,
  page,
  watching,
  ci,
  loss,
  memory,
};
