import { rules } from '../domain/migrations/knowledge';
import type { Finding } from '../domain/migrations/types';
import { sentence } from '../domain/text/sentence';

/**
 * Findings that stop, and what cannot be read, as code scanners exchange them.
 * Source: OASIS, Static Analysis Results Interchange Format 2.1.0.
 */
export function sarif(findings: readonly (Finding & { shown: string })[]): object {
  const told = findings.filter(({ stops, class: kind }) => stops || kind === 'opaque');
  const ids = [...new Set(told.map(({ rule }) => rule))];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'greenlight',
            rules: ids.map((id) => ({
              id,
              shortDescription: { text: sentence(rules.find((rule) => rule.id === id)?.condition ?? id) },
            })),
          },
        },
        results: told.map(({ rule, stops, message, remedy, shown, line, column }) => ({
          ruleId: rule,
          ruleIndex: ids.indexOf(rule),
          level: stops ? 'error' : 'warning',
          message: { text: [message, ...(remedy ? ['help:', remedy] : [])].join('\n') },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: shown.split('/').map(encodeURIComponent).join('/') },
                region: { startLine: line, startColumn: column },
              },
            },
          ],
        })),
      },
    ],
  };
}
