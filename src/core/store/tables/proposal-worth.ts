/**
 * What a proposal is worth a person's time: how sure it is, how much it would change what is done next time, and in how
 * many sessions it was met. The same fact of several projects is one row to the reader, with the sessions of all;
 * once it was reviewed, that of the next project takes its place.
 */

const sessions = 'json_array_length(l.source_sessions_json)';
/** A key ends with the hashes of topic and statement. Fixes of one error are alike whatever the change was. */
const sameFact = `coalesce(substr(l.fact_key, 1, instr(l.fact_key, ':')) ||
  substr(l.fact_key, -49, CASE l.category WHEN 'solution' THEN 24 ELSE 49 END), l.id)`;
/** Proposals of one project with the same topic each keep their row: both fixes of an error can be right. */
const sameProject = `${sameFact}, l.state, l.project_id`;

/**
 * A table `alike` of proposals and accepted learnings: `no`, `all_sessions` of the same fact, whether it `is_known` as
 * one that a person accepted, and `nth` of the projects in which it is still proposed.
 *
 * @param where condition on `l`, e.g. the projects that are shown
 */
export const alikeTable = (where: string): string => `alike AS (
  SELECT no, sum(own) OVER (PARTITION BY fact) AS all_sessions, max(state = 'accepted') OVER (PARTITION BY fact) AS is_known,
    dense_rank() OVER (PARTITION BY fact, state ORDER BY most DESC, first_no) AS nth
  FROM (SELECT l.no, l.state, ${sessions} AS own, ${sameFact} AS fact,
      max(${sessions}) OVER (PARTITION BY ${sameProject}) AS most,
      min(l.no) OVER (PARTITION BY ${sameProject}) AS first_no
    FROM learnings l WHERE l.deleted_at IS NULL AND l.state IN ('accepted', 'proposed') AND ${where}))`;

/** How much it would change what is done next time, from 0 to 1: each further session says again that it matters. */
const weight = `(1 - (1 - l.importance_score) * (CASE WHEN a.all_sessions > 1 THEN 1 - l.importance_score ELSE 1 END)
  * (CASE WHEN a.all_sessions > 2 THEN 1 - l.importance_score ELSE 1 END))`;
/**
 * With less weight what rules found waits until another session meets it: one finding of a linter, one mistyped option.
 * What a model worded or Claude wants remembered has been weighed already.
 */
const leastWeight = 0.22;
/** Less sure is what was taken back, or said otherwise, and not met again since. */
const leastConfidence = 0.25;

/** Expressions over `learnings l` and `alike a`. What is known of one project comes behind for the next. */
export const worth = `l.confidence_score * ${weight} * (CASE WHEN a.is_known THEN 0.1 ELSE 1 END)`;
export const isFirstOfFact = 'a.nth = 1';
export const isWorthShowing = `${isFirstOfFact} AND (l.origin <> 'rules' OR ${weight} >= ${leastWeight} AND
  l.confidence_score >= ${leastConfidence})`;
