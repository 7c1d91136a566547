import '../text/zod-english';
import * as z from 'zod/mini';
import { answered } from './parts';

export const requestApprovalResult = () =>
  z.object({ question: z.string(), because: z.string(), expiresAt: z.iso.datetime() });

export const recordApprovalResult = answered;
