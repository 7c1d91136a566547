export function validateDefinition(_definition: unknown): string[] {
  return [];
}
