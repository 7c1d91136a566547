import { sayNo, sayYes } from '../acts/answer';
import { saying } from './said';

export const approve = saying(sayYes);
export const reject = saying(sayNo);
