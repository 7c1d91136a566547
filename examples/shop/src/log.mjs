/** One JSON object per line on stdout, as log collectors expect; callers never pass it a secret. */
export function log(event, fields = {}) {
  console.log(JSON.stringify({ time: new Date().toISOString(), event, ...fields }));
}
