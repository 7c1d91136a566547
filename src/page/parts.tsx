import { useState } from 'preact/hooks';
import type { EvidenceGroup } from '../domain/page/evidence';
import type { Migrations } from '../domain/page/migrations';
import type { Split } from '../domain/page/traffic';
import type { PhaseShown } from '../domain/page/view';
import { duration } from '../domain/report/moments';
import type { Parts } from './live';
import { Part, Said, Table, time } from './words';

export function SplitPart({ split }: { split: Split }) {
  return (
    <Part id="traffic" title="Traffic and tasks">
      {split.strange && <p class="problem">{split.strange}</p>}
      {split.closedSince && (
        <p class="problem">Users get the maintenance page since {time(split.closedSince)} UTC.</p>
      )}
      <ul class="sides">
        {split.sides.map(({ side, slot, percent, image: runs, running, desired }) => (
          <li key={slot} class={side}>
            <b>
              {side}, slot {slot}
            </b>
            {percent !== null && (
              <>
                <span class="percent">{percent} %</span>
                <meter min={0} max={100} value={percent} aria-label={`${side}'s share of the traffic`} />
              </>
            )}
            <span>
              {running} of {desired} tasks run
            </span>
            <span class="image">{runs}</span>
          </li>
        ))}
        {split.page > 0 && (
          <li class="page">
            <b>maintenance page</b>
            <span class="percent">{split.page} %</span>
          </li>
        )}
      </ul>
    </Part>
  );
}

/** A picture of the server's, drawn by the module that draws docs/graph.svg. */
const Picture = ({ svg, name }: { svg: string; name: string }) => (
  <div role="img" aria-label={name} class="picture" dangerouslySetInnerHTML={{ __html: svg }} />
);

export function WayPart({ parts, journal }: { parts: Parts; journal: PhaseShown[] }) {
  const [chosen, setChosen] = useState('');
  const name = (phase: string) => `${phase.slice(0, 1).toUpperCase()}${phase.slice(1)}`;
  // the journal knows of a phase once its first step is over
  const now = (parts.phase as string | undefined) || name(journal.at(-1)?.phase ?? '');
  const shown = chosen || now;
  const inside = parts[`inside ${shown}`] as string | undefined;
  const graph = parts.graph as string | undefined;
  return (
    <Part id="way" title="Way">
      <div class="way">
        <ol class="phases" aria-label="Phases, in the order in which they were entered">
          {journal.map(({ phase, began, seconds, state }) => (
            <li key={began}>
              <button
                type="button"
                aria-pressed={shown === name(phase)}
                onClick={() => setChosen(chosen === name(phase) ? '' : name(phase))}
              >
                <b>{name(phase)}</b> <Said word={state} />
                <span>
                  {time(began)}
                  {state === 'now' ? '' : `, ${duration(seconds)}`}
                </span>
              </button>
            </li>
          ))}
        </ol>
        {graph && <Picture svg={graph} name="The phases of the state machine, with the way taken" />}
        {inside && (
          <figure>
            <figcaption>
              Inside {shown}
              {chosen && chosen !== now ? '' : ', which it is in'}
            </figcaption>
            <Picture svg={inside} name={`The states of ${shown}, with the way taken`} />
          </figure>
        )}
      </div>
    </Part>
  );
}

const numbered = (pieces: EvidenceGroup['pieces']) => pieces.some(({ numbers }) => numbers.length > 0);

export function EvidencePart({ evidence }: { evidence: EvidenceGroup[] }) {
  return (
    <Part id="evidence" title="Evidence">
      {evidence.map(({ title, at, verdict, next, pieces }) => (
        <details key={title} open={title === evidence[0]?.title || verdict === 'unhealthy'}>
          <summary>
            <h3>{title}</h3> <Said word={verdict} /> at {time(at)} UTC{next && `: ${next}`}
          </summary>
          <Table
            caption={title}
            heads={['of', 'verdict', 'because', ...(numbered(pieces) ? ['numbers'] : [])]}
          >
            {pieces.map((piece) => (
              <tr key={piece.of}>
                <th scope="row">{piece.of}</th>
                <td>
                  <Said word={piece.verdict} />
                </td>
                <td>
                  {piece.because}
                  {piece.warning && piece.warning !== piece.because && (
                    <p class="warning">warning: {piece.warning}</p>
                  )}
                </td>
                {numbered(pieces) && (
                  <td class="numbers">
                    {piece.numbers.map(([name, value]) => (
                      <span key={name}>
                        {name} <b>{value}</b>
                      </span>
                    ))}
                  </td>
                )}
              </tr>
            ))}
          </Table>
        </details>
      ))}
    </Part>
  );
}

const between = (from: string, to: string) => duration((Date.parse(to) - Date.parse(from)) / 1000);

export function MigrationsPart({ migrations }: { migrations: Migrations }) {
  const { classes, remarks, runs } = migrations;
  return (
    <Part id="migrations" title="Migrations">
      {classes.length > 0 && (
        <p>Statements by class: {classes.map(([name, count]) => `${count} ${name}`).join(', ')}</p>
      )}
      {remarks.length > 0 && (
        <ul>
          {remarks.map((remark) => (
            <li key={remark}>{remark}</li>
          ))}
        </ul>
      )}
      {migrations.migrations.length > 0 && (
        <Table
          caption="Migrations of the release"
          heads={['migration', 'state', 'class', 'locks', 'waits for it', 'when']}
        >
          {migrations.migrations.map(({ id, state, class: own, locks, blocks, when }) => (
            <tr key={id}>
              <th scope="row">{id}</th>
              <td>
                <Said word={state} />
              </td>
              <td>{own || 'not told'}</td>
              <td>{locks || 'not told'}</td>
              <td>{blocks || 'nobody'}</td>
              <td>{when}</td>
            </tr>
          ))}
        </Table>
      )}
      {runs.length > 0 && (
        <Table caption="What ran" heads={['what', 'state', 'from, UTC', 'took', 'seen last']}>
          {runs.map(({ what, state, began, ended, progress, said }) => (
            <tr key={what}>
              <th scope="row">{what}</th>
              <td>
                <Said word={state} />
              </td>
              <td>{time(began)}</td>
              <td>
                {ended ? between(began, ended) : progress === null ? 'runs' : ''}
                {!ended && progress !== null && (
                  <>
                    <progress max={100} value={progress} aria-label={`progress of the ${what}`} /> {progress}{' '}
                    %
                  </>
                )}
              </td>
              <td>{said}</td>
            </tr>
          ))}
        </Table>
      )}
    </Part>
  );
}

export function JournalPart({ journal }: { journal: PhaseShown[] }) {
  const rows = journal.flatMap(({ phase, steps }) => steps.map((step) => ({ phase, ...step }))).reverse();
  return (
    <Part id="journal" title="Journal, the newest first">
      <Table caption="Journal" heads={['at, UTC', 'phase', 'step', 'what it said']}>
        {rows.map(({ at, phase, step, looks, said }) => (
          <tr key={`${at} ${step}`}>
            <td>{time(at)}</td>
            <td>{phase}</td>
            <th scope="row">
              {step}
              {looks > 1 ? ` ×${looks}` : ''}
            </th>
            <td class="lines">{said}</td>
          </tr>
        ))}
      </Table>
    </Part>
  );
}
