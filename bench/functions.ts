import type { Bench } from './frame/row';
import { loads } from './functions/load';
import { sizes } from './functions/size';

export const functions: Bench = {
  about: 'the Lambda functions: how fast they load, how big they are',
  measurements: [loads, sizes],
};
