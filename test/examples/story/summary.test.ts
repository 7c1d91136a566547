import { contradictions, STORIES, type Told } from '../../../examples/story/deployments';
import { documentOf, problemsOf } from '../../../examples/story/summary';
import { asExpected, changed, clean, served } from './told';

describe('the verdict on the story', () => {
  it('is good when every deployment ended as it had to and nothing was lost or left', () => {
    expect(problemsOf(STORIES.releases.chapters, asExpected, served, clean)).toEqual([]);
  });

  it.each<[string, Partial<Told>, string]>([
    ['v2', { outcome: 'RolledBack' }, 'v2 ended as RolledBack, expected DeploymentSucceeded'],
    ['v3', { path: ['RolledBack'] }, 'v3 did not pass through ObserveGreen, ReturnTraffic, VerifyRollback'],
    ['v3', { servedByIt: 0 }, 'v3 served no user, expected some'],
    ['v4', { servedByIt: 1 }, 'v4 served 1 requests of users, expected none'],
    ['v5', { lost: 2 }, 'v5 lost 2 requests'],
  ])('is bad when %s is %j', (name, change, problem) => {
    expect(problemsOf(STORIES.releases.chapters, changed(name, change), served, clean)).toEqual([problem]);
  });

  it('is bad when a deployment is missing', () => {
    expect(
      problemsOf(
        STORIES.releases.chapters,
        asExpected.filter(({ name }) => name !== 'v6'),
        served,
        clean,
      ),
    ).toEqual(['v6 was not deployed']);
  });

  it('is bad when anything was lost between deployments or is left behind', () => {
    expect(
      problemsOf(
        STORIES.releases.chapters,
        asExpected,
        { ...served, lost: 1 },
        { processes: 1, locks: 2, tempDirs: 3 },
      ),
    ).toEqual([
      '1 requests were lost in all',
      '1 processes were left behind',
      '2 locks were left behind',
      '3 tempDirs were left behind',
    ]);
  });

  it('is bad when a rolled back deployment leaves another schema than it found', () => {
    const changedBy = asExpected.map((told) => ({
      ...told,
      schemaBefore: ['v5', 'v6'].includes(told.name) ? 'other' : 'one',
    }));
    expect(problemsOf(STORIES.releases.chapters, changedBy, served, clean)).toEqual([
      'v4 was rolled back but left another schema than it found',
    ]);
    expect(
      problemsOf(STORIES.releases.chapters, changed('v2', { schemaBefore: 'before v2' }), served, clean),
    ).toEqual([]);
  });

  it('is bad when a version that may meet no user met one at any time of the run', () => {
    expect(
      problemsOf(
        STORIES.releases.chapters,
        asExpected,
        { ...served, versions: { ...served.versions, v5: 4 } },
        clean,
      ),
    ).toEqual(['v5 answered 4 requests of users in all, expected none']);
  });

  it('takes nothing for granted of a single deployment', () => {
    for (const chapter of STORIES.releases.chapters)
      expect(contradictions(chapter, { ...asExpected[0]!, outcome: 'NeedsOperator', path: [] })).not.toEqual(
        [],
      );
  });
});

describe('the document of --json', () => {
  it('has the measured figures and nothing else', () => {
    const document = documentOf(asExpected, served, 1199.6, clean);
    expect(document).toEqual({
      deployments: asExpected.map(
        ({
          name,
          outcome,
          path,
          durationMs,
          requests,
          lost,
          closed,
          windowMs,
          appErrors,
          verdictToBlueMs,
        }) => ({
          name,
          outcome,
          path,
          durationMs,
          requests,
          lost,
          closed,
          windowMs,
          appErrors,
          verdictToBlueMs,
        }),
      ),
      traffic: { requests: 48_000, lost: 0, appErrors: 0, rps: 1200 },
      leftovers: clean,
    });
  });
});
