import { describe, expect, it } from 'vitest';
import { ReplayedFile } from './replay';
import type { Change } from './replay';
import { documentOf, standingOf } from './stand';

const edit = (before: string, after: string, session = 1): Change => ({
  before,
  after,
  reach: 'part',
  isNew: false,
  session,
});
const write = (after: string, before = '', session = 1): Change => ({
  before,
  after,
  reach: 'whole',
  isNew: before === '',
  session,
});

function replayed(...changes: Change[]): ReplayedFile {
  const file = new ReplayedFile(changes.map(({ session }) => session));
  for (const [number, change] of changes.entries()) file.apply(change, number);
  return file;
}

/** For each line of a document the number of the change that wrote it, `-` when nobody is known to have. */
function authors(document: string, ...changes: Change[]): string {
  const { lines } = standingOf(replayed(...changes).chunks, documentOf(document.split('\n')));
  return lines.map((line) => (line && line.by >= 0 ? String(line.by) : '-')).join('');
}

const invoice = 'function sendInvoice(order) {\n  const parcel = packParcel(order);\n  return courier.send(parcel);\n}';

describe('a file told by its edits', () => {
  it('has the lines of the edit that wrote it, and of those that changed it', () => {
    expect(authors(invoice, write(invoice))).toBe('0000');
    const changed = invoice.replace('packParcel(order)', 'packParcel(order, tape)');
    expect(authors(changed, write(invoice), edit('packParcel(order)', 'packParcel(order, tape)'))).toBe('0100');
  });

  it('leaves lines to a person that stood there before the edit', () => {
    const before = 'function countStock(shelf) {\n  return shelf.items.length;\n}';
    expect(authors(`${before}\n${invoice}`, edit(before, `${before}\n${invoice}`))).toBe('---0000');
    expect(authors(`${invoice}\n${before}`, write(`${invoice}\n${before}`, before))).toBe('0000---');
  });

  it('leaves lines to a person that were typed between two edits', () => {
    const typed = invoice.replace('  return', '  checkWeight(parcel);\n  return');
    expect(authors(typed, write(invoice))).toBe('00-00');
    // The whole file is written anew, with what the person had typed in it.
    expect(
      authors(`${typed}\n// billing of parcels`, write(invoice), write(`${typed}\n// billing of parcels`, typed, 2)),
    ).toBe('00-001');
  });

  it('does not take a copy for the line it was copied from', () => {
    const copy = invoice.replace('sendInvoice', 'sendReminder');
    expect(authors(`${invoice}\n\n${copy}`, write(invoice))).toBe('0000-----');
  });

  it('knows lines again that a person moved within the file, or a formatter set otherwise', () => {
    const other = 'function countStock(shelf) {\n  const rows = shelf.rows + shelf.spareRows;\n  return rows;\n}';
    const both = write(`${invoice}\n${other}`);
    expect(authors(`${other}\n${invoice}`, both)).toBe('00000000');
    const set =
      'function sendInvoice(\n  order,\n) {\n    const parcel = packParcel(order)\n    return courier.send(parcel)\n}';
    expect(authors(set, write(invoice))).toBe('000000');
  });

  it('gives lines that an edit moved to whoever wrote them', () => {
    const person = 'function countStock(shelf) {\n  return shelf.items.length;\n}';
    const moved = authors(
      `${invoice}\n${person}`,
      edit(`${person}\n${invoice}`, invoice),
      edit('  return courier.send(parcel);\n}', `  return courier.send(parcel);\n}\n${person}`),
    );
    expect(moved).toBe('-------');
  });

  it('says nothing of brackets and lines that stand in every function', () => {
    const typed =
      'function openDepot(zone) {\n  if (!zone) {\n    return null;\n  }\n  return depots.get(zone.name);\n}';
    const claude =
      'function findRoute(stops) {\n  if (!stops) {\n    return null;\n  }\n  return routes.shortest(stops);\n}';
    expect(authors(typed, write(claude))).toBe('------');
  });

  it('says nothing where the store had cut the text', () => {
    const cut = `${invoice}\n\n[… shortened …]\n\nfunction lastOne(queue) {\n  return queue.tokens.at(-1);\n}`;
    expect(authors('const cutOut = middle.of.it;', write(cut))).toBe('-');
    expect(authors(invoice, write(cut))).toBe('0000');
  });

  it('knows what stood there before, and who took it out', () => {
    const file = replayed(write(invoice), edit('packParcel(order)', 'packParcel(order, tape)', 2));
    expect(file.chunks[0]![1]).toMatchObject({
      by: 1,
      was: [{ by: 0, outBy: 1, lines: ['  const parcel = packParcel(order);'] }],
    });
  });

  it('knows a line again whose secret is gone from the memory, when only one can be it', () => {
    const stored = 'connect(depot, "[REDACTED:password:1234abcd]");\nconst courier = findCourier(depot);';
    expect(authors('connect(depot, "hunter2hunter2");\nconst courier = findCourier(depot);', write(stored))).toBe('00');
    expect(authors('connect(other, "hunter2hunter2");\nconst courier = findCourier(depot);', write(stored))).toBe('-0');
  });
});
