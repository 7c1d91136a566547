import { endStep } from '../acts/promote';
import { saying } from './said';

export const promote = saying(endStep);
