import { together } from '../together';

together('releases');
