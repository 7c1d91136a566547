/** Many shared users at a time, or one exclusive user; first come, first served. */
export class Gate {
  private shared = new Set<Promise<unknown>>();
  private exclusive: Promise<unknown> = Promise.resolve();

  /** Runs when every exclusive use that came before is over. */
  share<T>(work: () => Promise<T>): Promise<T> {
    const running = this.exclusive.then(work);
    const settled: Promise<unknown> = running.catch(() => {}).then(() => this.shared.delete(settled));
    this.shared.add(settled);
    return running;
  }

  /** Runs when everything that came before is over, and nothing else meanwhile. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const before = Promise.all([this.exclusive, ...this.shared]);
    const running = before.then(work);
    this.exclusive = running.catch(() => {});
    this.shared = new Set();
    return running;
  }
}
