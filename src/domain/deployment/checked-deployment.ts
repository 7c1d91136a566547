import '../text/zod-english';
import * as z from 'zod/mini';
import type { Deployment } from './deployment';

/**
 * A deployment as a step receives it. `ValidateRequest` or `RecoverDeployment` has checked every member of it, and nothing but
 * the graph hands it on; to check all settings once more, in every function, would take a quarter of a cold start.
 */
export const checkedDeployment = z.custom<Deployment>(
  (value) =>
    typeof (value as Deployment | null)?.id === 'string' &&
    typeof (value as Deployment).settings?.service === 'string',
  { error: 'expected a deployment as ValidateRequest makes it' },
);
