import { together } from '../together';

together('recovery');
