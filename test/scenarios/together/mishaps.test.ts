import { together } from '../together';

together('mishaps');
