import type { Definition, State } from '../expand';

/** What a picture shows of a state that an execution was in. */
export interface Mark {
  look: 'done' | 'caught' | 'running' | 'failed';
  times: number;
}
/** What an execution has done to a machine. */
export interface Trail {
  visits: ReadonlyMap<string, Mark>;
  /** Did one state follow another? */
  followed(from: string, to: string): boolean;
}

const SIGNS: Record<Mark['look'], string> = { done: '✓', caught: '⚠', running: '…', failed: '✗' };

/** What stands behind a state's name: colours alone do not reach everybody. */
export const signOf = (mark: Mark | undefined): string =>
  mark ? ` ${SIGNS[mark.look]}${mark.times > 1 ? ` ×${mark.times}` : ''}` : '';

type Machine = Pick<Definition, 'States' | 'StartAt'>;

/** A machine with nothing but what an execution went through. */
export function taken({ StartAt, States }: Machine, trail: Trail): Machine {
  const entered = Object.entries(States).filter(([name]) => trail.visits.has(name));
  const part = (name: string, state: State): State => {
    const goes = (to: string | undefined) => to !== undefined && trail.followed(name, to);
    return {
      ...state,
      Next: goes(state.Next) ? state.Next : undefined,
      Default: goes(state.Default) ? state.Default : undefined,
      Choices: state.Choices?.filter(({ Next }) => goes(Next)),
      Catch: state.Catch?.filter(({ Next }) => goes(Next)),
      Branches: state.Branches?.map((branch) => taken(branch, trail)),
    };
  };
  return { StartAt, States: Object.fromEntries(entered.map(([name, state]) => [name, part(name, state)])) };
}
