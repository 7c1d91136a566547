import type { Clock } from '../../clock';
import type { Counts } from '../../proxy/tally';
import { TargetGroup } from '../../proxy/target-group';
import type { Late } from './late';
import type { LoadBalancerRecord, State } from './state';

const NAMESPACE = 'AWS/ApplicationELB';
const FLUSH_MS = 250;
/** Host counts are published at every so many flushes: each 10 seconds. */
const HOST_COUNT_FLUSHES = 40;

/** Publishes what the proxies counted, every 250 ms of cloud time; `late` makes of it what AWS shows. */
export class Publishing {
  private readonly ended = new AbortController();
  private flushes = 0;

  constructor(
    private readonly state: State,
    private readonly metrics: Late,
    private readonly clock: Clock,
  ) {}

  /** Runs until close(). */
  async run(): Promise<void> {
    const { signal } = this.ended;
    while (!signal.aborted) {
      await this.clock.sleep(FLUSH_MS, signal).catch(() => {});
      this.flush();
    }
  }

  close(): void {
    this.ended.abort();
  }

  private flush(): void {
    for (const loadBalancer of this.state.loadBalancers.values()) this.publish(loadBalancer);
    if (this.flushes++ % HOST_COUNT_FLUSHES === 0) this.publishHostCounts();
    this.metrics.show();
  }

  private publish(loadBalancer: LoadBalancerRecord): void {
    const LoadBalancer = loadBalancer.fullName;
    const counts = loadBalancer.tally.take();
    this.traffic({ LoadBalancer }, counts);
    // AWS counts what the load balancer itself answers per load balancer only.
    this.count({ LoadBalancer }, 'HTTPCode_ELB_5XX_Count', counts.ownFaults);
    this.count({ LoadBalancer }, 'HTTP_Fixed_Response_Count', counts.fixedResponses);
    this.count({ LoadBalancer }, 'HTTP_Redirect_Count', counts.redirects);
    for (const [group, tally] of loadBalancer.groupTallies) {
      const { fullName } = group.options;
      const dimensions = { LoadBalancer, TargetGroup: fullName };
      const taken = tally.take();
      this.traffic(dimensions, taken);
      this.count(dimensions, 'LambdaUserError', taken.functionFaults);
      const targets = group instanceof TargetGroup ? group.all().length : 1;
      if (taken.requests > 0 && targets > 0)
        this.metrics.record({
          namespace: NAMESPACE,
          name: 'RequestCountPerTarget',
          dimensions: { TargetGroup: fullName },
          value: taken.requests / targets,
          unit: 'Count',
        });
    }
  }

  private traffic(dimensions: Record<string, string>, counts: Counts): void {
    this.count(dimensions, 'RequestCount', counts.requests);
    this.count(dimensions, 'TargetConnectionErrorCount', counts.connectionFaults);
    counts.answers.forEach((answers, index) => {
      this.count(dimensions, `HTTPCode_Target_${index + 2}XX_Count`, answers);
    });
    if (counts.times.values.length > 0)
      this.metrics.record({
        namespace: NAMESPACE,
        name: 'TargetResponseTime',
        dimensions,
        value: 0,
        ...counts.times,
        unit: 'Seconds',
      });
  }

  /** Every single event is a sample of 1, so that Sum and SampleCount agree and Average is 1, as on AWS. */
  private count(dimensions: Record<string, string>, name: string, count: number): void {
    if (count === 0) return;
    this.metrics.record({
      namespace: NAMESPACE,
      name,
      dimensions,
      value: 1,
      values: [1],
      counts: [count],
      unit: 'Count',
    });
  }

  private publishHostCounts(): void {
    for (const record of this.state.targetGroups.values()) {
      const loadBalancer = record.loadBalancerArn && this.state.loadBalancers.get(record.loadBalancerArn);
      if (!loadBalancer) continue;
      const dimensions = { LoadBalancer: loadBalancer.fullName, TargetGroup: record.fullName };
      const host = { namespace: NAMESPACE, dimensions, unit: 'Count' };
      for (const state of ['Healthy', 'UnHealthy']) {
        const value = record.hosts(state.toLowerCase());
        if (value !== undefined) this.metrics.record({ ...host, name: `${state}HostCount`, value });
      }
    }
  }
}
