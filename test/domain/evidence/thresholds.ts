import { type Thresholds, thresholdDefaults } from '../../../src/domain/evidence/thresholds';

/** What a service has that names only what must be named. */
export const thresholds: Thresholds = {
  ...thresholdDefaults,
  minimumRequests: 100,
  errorRateIncrease: 0.02,
  errorRateCeiling: 0.25,
};
