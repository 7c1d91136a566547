import http from 'node:http';

/** How a target group checks its targets. */
export interface HealthCheck {
  enabled: boolean;
  path: string;
  /** A port number, or that of the target. */
  port: number | 'traffic-port';
  intervalMs: number;
  /** How long after its registration a target is asked for the first time, at most an interval; at once by default. */
  firstAfterMs?: number;
  timeoutMs: number;
  healthyThreshold: number;
  unhealthyThreshold: number;
  /** "200", "200,302" or "200-299", as in ELB's matcher. */
  matcher: string;
}

/** The result of one check; `reason` is ELB's reason code. */
export type CheckResult = { ok: true } | { ok: false; reason: string; description: string };

/** Whether an HTTP status is one of the matcher's codes or ranges. */
export function matches(matcher: string, status: number): boolean {
  return matcher.split(',').some((part) => {
    const [from, to = from] = part.trim().split('-').map(Number);
    return status >= from! && status <= to!;
  });
}

/** Asks a target once, over a connection of its own; never rejects. The timeout is real time: a target runs at its own speed. */
export function probe(
  host: string,
  port: number,
  check: HealthCheck,
  signal: AbortSignal,
): Promise<CheckResult> {
  const failed = (reason: string, description: string): CheckResult => ({ ok: false, reason, description });
  return new Promise((resolve) => {
    const timeout = AbortSignal.timeout(check.timeoutMs);
    const request = http.get(
      {
        host,
        port: check.port === 'traffic-port' ? port : check.port,
        path: check.path,
        agent: false,
        headers: { 'user-agent': 'ELB-HealthChecker/2.0', connection: 'close' },
        signal: AbortSignal.any([signal, timeout]),
      },
      (response) => {
        response.on('error', () => {}).resume();
        const status = response.statusCode!;
        resolve(
          matches(check.matcher, status)
            ? { ok: true }
            : failed('Target.ResponseCodeMismatch', `Health checks failed with these codes: [${status}]`),
        );
      },
    );
    request.on('error', () =>
      resolve(
        timeout.aborted
          ? failed('Target.Timeout', 'Request timed out')
          : failed('Target.FailedHealthChecks', 'Health checks failed'),
      ),
    );
  });
}
