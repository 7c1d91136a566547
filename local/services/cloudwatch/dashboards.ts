import { DashboardInvalidInputError, DashboardNotFoundError } from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';

const at = z.object({
  x: z.int().min(0).max(23).optional(),
  y: z.int().min(0).optional(),
  width: z.int().min(1).max(24).optional(),
  height: z.int().min(1).max(1000).optional(),
});
/** `[namespace, name, dimension, value, …, options]`, `"."` and `"..."` for those of the metric before, or an expression. */
const metric = z
  .array(z.union([z.string(), z.looseObject({})]))
  .min(1)
  .refine(
    (parts) => {
      const words = parts.filter((part) => typeof part === 'string');
      const [options] = parts.filter((part) => typeof part !== 'string');
      if (words.length === 0) return typeof options?.expression === 'string';
      return words.includes('...') || (words.length >= 2 && words.length % 2 === 0);
    },
    { error: 'Should have a namespace, a name and pairs of dimensions' },
  );
const widget = z.discriminatedUnion('type', [
  z.looseObject({
    ...at.shape,
    type: z.literal('text'),
    properties: z.looseObject({ markdown: z.string() }),
  }),
  z.looseObject({
    ...at.shape,
    type: z.literal('metric'),
    properties: z
      .looseObject({
        region: z.string(),
        metrics: z.array(metric).min(1).optional(),
        annotations: z.looseObject({ alarms: z.array(z.string()).optional() }).optional(),
      })
      .refine(({ metrics, annotations }) => metrics || annotations?.alarms, {
        error: 'Should have required property metrics',
      }),
  }),
  z.looseObject({
    ...at.shape,
    type: z.literal('alarm'),
    properties: z.looseObject({ alarms: z.array(z.string()).min(1).max(100) }),
  }),
  z.looseObject({ ...at.shape, type: z.literal('log'), properties: z.looseObject({ query: z.string() }) }),
]);
const body = z.looseObject({ widgets: z.array(widget).max(500) });

const $metadata = {};

/** Dashboards by name, each a body that CloudWatch takes. Source: Amazon CloudWatch API Reference, "Dashboard body structure and syntax". */
export class Dashboards {
  private readonly bodies = new Map<string, string>();

  /** @throws DashboardInvalidInputError that names each problem */
  put(name: string, text: string): void {
    if (!/^[\w-]{1,255}$/.test(name)) throw invalid([{ DataPath: '/name', Message: 'Invalid name' }]);
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      throw invalid([{ Message: 'The dashboard body is not valid JSON' }]);
    }
    const { error } = body.safeParse(parsed);
    if (error)
      throw invalid(
        error.issues.map(({ path, message }) => ({ DataPath: `/${path.join('/')}`, Message: message })),
      );
    this.bodies.set(name, text);
  }

  /** @throws DashboardNotFoundError */
  get(name: string): string {
    const found = this.bodies.get(name);
    if (found !== undefined) return found;
    throw new DashboardNotFoundError({ message: `Dashboard ${name} does not exist`, $metadata });
  }

  delete(name: string): void {
    this.bodies.delete(name);
  }

  names = (): string[] => [...this.bodies.keys()];
}

const invalid = (dashboardValidationMessages: { DataPath?: string; Message: string }[]) =>
  new DashboardInvalidInputError({
    message: `The field DashboardBody must be a valid JSON object: ${dashboardValidationMessages
      .map(({ DataPath, Message }) => [DataPath, Message].filter(Boolean).join(' '))
      .join('; ')}`,
    dashboardValidationMessages,
    $metadata,
  });
