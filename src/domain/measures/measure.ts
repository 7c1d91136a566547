/** What the workflow measures of itself, by name: of one whose name ends in `Seconds` the unit is seconds, of any other one a count. */
export type Measures = Readonly<Record<string, number>>;

/** The namespace of a workflow's metrics. */
export const namespaceOf = (workflow: string) => `Greenlight/${workflow}`;

/** How long deployments were in a phase: `ShiftSeconds`. */
export const phaseMeasure = (phase: string) => `${phase[0]?.toUpperCase()}${phase.slice(1)}Seconds`;

const unitOf = (name: string) => (name.endsWith('Seconds') ? 'Seconds' : 'Count');

/**
 * A line of a log of which Amazon CloudWatch makes metrics: each of all services together, and of the service where there is one.
 * Source: Amazon CloudWatch User Guide, "Specification: Embedded metric format".
 */
export const embedded = (
  measures: Measures,
  { workflow, service, at }: { workflow: string; service?: string; at: Date },
) => ({
  _aws: {
    Timestamp: at.getTime(),
    CloudWatchMetrics: [
      {
        Namespace: namespaceOf(workflow),
        Dimensions: service === undefined ? [[]] : [[], ['Service']],
        Metrics: Object.keys(measures).map((Name) => ({ Name, Unit: unitOf(Name) })),
      },
    ],
  },
  ...(service === undefined ? {} : { Service: service }),
  ...measures,
});
