/**
 * Half the users see green, and few requests suffice: the scenarios' load is small. Response times are not judged: in a
 * period of one fast second a few users are hardly ever enough, and how many come depends on the machine. The service of a
 * world is set so, or every deployment would be rejected for want of requests; a request says it where the scenario is about it.
 */
export const quick = { canaryPercent: 50, thresholds: { minimumRequests: 30, latencyIncrease: null } };
