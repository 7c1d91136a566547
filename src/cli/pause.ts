import { goOn, holdStill } from '../acts/pause';
import { saying } from './said';

export const pause = saying(holdStill);
export const resume = saying(goOn);
