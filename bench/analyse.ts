import { corpus } from './analyse/corpus';
import { histories } from './analyse/histories';
import { speed } from './analyse/speed';
import type { Bench } from './frame/row';

export const analyse: Bench = {
  about: 'how fast and how well migrations are judged, beside squawk',
  measurements: [speed, ...corpus, ...histories],
};
