import { compile, PatternError } from '../../local/services/events/pattern';

type Answer = 'match' | 'no match' | 'refused';

/** One pattern and event, as JSON text, with what EventBridge answered. */
export interface RecordedPattern {
  id: string;
  pattern: string;
  event: string;
  expected: Answer;
}

export const isRecordedPattern = (line: object): line is RecordedPattern => 'pattern' in line;

/** Each pattern that is answered otherwise than it was recorded, in a sentence. */
export function misjudged(patterns: readonly RecordedPattern[]): string[] {
  return patterns.flatMap(({ id, pattern, event, expected }) => {
    const { answer, reason } = judge(pattern, event);
    return answer === expected
      ? []
      : `${id}: ${answer} instead of ${expected}${reason ? ` (${reason})` : ''}`;
  });
}

function judge(pattern: string, event: string): { answer: Answer; reason?: string } {
  try {
    return { answer: compile(JSON.parse(pattern))(JSON.parse(event)) ? 'match' : 'no match' };
  } catch (error) {
    if (!(error instanceof PatternError || error instanceof SyntaxError)) throw error;
    return { answer: 'refused', reason: error.message };
  }
}
