/**
 * The 0/1 knapsack: which pieces are worth most together within a budget. Exact up to `maxExactCells`; above it pieces
 * far from the deciding density are taken or left by it, and the rest is exact (Balas and Zemel's core).
 */

export interface Weighed {
  /** At least 0. */
  value: number;
  /** A positive whole number. */
  tokens: number;
}

/** Pieces times budget: about 10 ms. */
const maxExactCells = 4_000_000;
/** Pieces on each side of the deciding density that are decided exactly. */
const coreHalf = 64;

/** Indexes of the chosen pieces, ascending. Their tokens together are at most `budget`. */
export function chooseBest(pieces: readonly Weighed[], budget: number): number[] {
  const all = pieces.map((_, index) => index).filter((index) => fits(pieces[index]!, budget));
  if (all.reduce((sum, index) => sum + pieces[index]!.tokens, 0) <= budget) return all;
  if (all.length * budget <= maxExactCells) return chooseExactly(pieces, all, budget);
  return chooseByCore(pieces, all, budget);
}

const fits = ({ value, tokens }: Weighed, budget: number): boolean => value > 0 && tokens <= budget;

/** Dynamic programming over the budget, a row of decisions for each piece. */
function chooseExactly(pieces: readonly Weighed[], candidates: readonly number[], budget: number): number[] {
  const width = budget + 1;
  const best = new Float64Array(width);
  const isTaken = new Uint8Array(candidates.length * width);
  for (const [row, index] of candidates.entries()) {
    const { value, tokens } = pieces[index]!;
    for (let room = budget; room >= tokens; room--) {
      const withIt = best[room - tokens]! + value;
      if (withIt <= best[room]!) continue;
      best[room] = withIt;
      isTaken[row * width + room] = 1;
    }
  }
  const chosen: number[] = [];
  for (let row = candidates.length - 1, room = budget; row >= 0; row--) {
    if (isTaken[row * width + room] === 0) continue;
    chosen.push(candidates[row]!);
    room -= pieces[candidates[row]!]!.tokens;
  }
  return chosen.toReversed();
}

function chooseByCore(pieces: readonly Weighed[], candidates: readonly number[], budget: number): number[] {
  const density = (index: number) => pieces[index]!.value / pieces[index]!.tokens;
  const byDensity = candidates.toSorted((a, b) => density(b) - density(a) || a - b);
  let room = budget;
  let deciding = 0;
  while (deciding < byDensity.length && pieces[byDensity[deciding]!]!.tokens <= room)
    room -= pieces[byDensity[deciding++]!]!.tokens;
  // The exact part must stay affordable, whatever its pieces weigh.
  for (let half = coreHalf; ; half = Math.floor(half / 2)) {
    const from = Math.max(0, deciding - half);
    const core = byDensity.slice(from, deciding + half);
    const taken = byDensity.slice(0, from);
    const left = budget - taken.reduce((sum, index) => sum + pieces[index]!.tokens, 0);
    if (half > 0 && core.length * left > maxExactCells) continue;
    return [...taken, ...chooseExactly(pieces, core, left)].sort((a, b) => a - b);
  }
}
