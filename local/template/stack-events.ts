/** What has become of a resource, in the words of CloudFormation's `ResourceStatus`. */
export interface ResourceEvent {
  logicalId: string;
  type: string;
  /** Its physical id, as soon as it has one. */
  ref?: string;
  status: `${'CREATE' | 'UPDATE' | 'DELETE'}_${'IN_PROGRESS' | 'COMPLETE' | 'FAILED'}` | 'DELETE_SKIPPED';
  /** Why it failed. */
  reason?: string;
  /** How long it took. */
  milliseconds?: number;
}
