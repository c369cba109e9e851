/** Our hooks in the settings of Claude Code: put in and taken out of the text, everything else byte for byte as it was. */
import { getNodeValue } from 'jsonc-parser';
import type { Node } from 'jsonc-parser';
import { append, brokenAt, cutOut, endOf, jsonOf, layoutOf, parseJson } from './json-text';
import type { Layout } from './json-text';

/** A name that a client does not know makes old clients ignore the whole file; all know these. */
type HookEvent = 'SessionStart' | 'UserPromptSubmit';

interface HookGroup {
  hooks: { type: 'command'; command: string; timeout: number }[];
}

export type HookGroups = Readonly<Record<HookEvent, HookGroup>>;

/** What was there before ours, which the text cannot say: an empty list that was not ours must stay. */
export interface Before {
  hasRoot: boolean;
  hasHooks: boolean;
  events: string[];
}

/** When nobody remembers: empty objects and lists around our entries are taken for ours. */
const unknownBefore: Before = { hasRoot: true, hasHooks: false, events: [] };

export interface OwnEntry {
  event: string;
  command: string;
}

/** Any launcher of ours, of whichever data folder and version. */
const launcherPattern = /[\\/]hooks[\\/]claude-mem-hook(?:\.cmd)?["'\s]/;

/**
 * The text with exactly these groups of ours, after all others of their events. Older ones of ours are replaced.
 * @throws MemoryError `invalid_input` with line and column for a file that the client could not read either
 */
export function addHooks(text: string, groups: HookGroups, before?: Before): { text: string; before: Before } {
  if (hasExactly(text, groups)) return { text, before: before ?? unknownBefore };
  const bare = removeHooks(text, before);
  const [mark, body] = splitMark(bare);
  const root = parseJson(body);
  if (!root) {
    const made = JSON.stringify({ hooks: listed(groups) }, null, 2);
    return { text: `${mark}${body}${made}\n`, before: { ...unknownBefore, hasRoot: false } };
  }
  const layout = layoutOf(body, root);
  const hooks = objectOf(body, root, 'hooks');
  if (!hooks)
    return {
      text: mark + append(body, layout, root, 0, propertyText('hooks', listed(groups), layout)),
      before: unknownBefore,
    };
  const events = Object.keys(groups).filter((event) => only(body, hooks, event) !== undefined);
  let changed = body;
  for (const [event, group] of Object.entries(groups)) changed = addGroup(changed, layout, event, group);
  return { text: mark + changed, before: { hasRoot: true, hasHooks: true, events } };
}

/**
 * The text without any entry of ours; a file that was made for them becomes empty again.
 * @throws MemoryError `invalid_input` with line and column
 */
export function removeHooks(text: string, before: Before = unknownBefore): string {
  const [mark, body] = splitMark(text);
  let changed = body;
  for (;;) {
    const next = removeOne(changed, before);
    if (next === undefined) return mark + changed;
    changed = next;
  }
}

/** @throws MemoryError `invalid_input` with line and column */
export function ownEntries(text: string): OwnEntry[] {
  const [, body] = splitMark(text);
  const root = parseJson(body);
  return root ? findOwn(root).map(({ event, command }) => ({ event: keyOf(event), command })) : [];
}

/** True when the person has turned all hooks off. */
export function areHooksDisabled(text: string): boolean {
  const root = parseJson(splitMark(text)[1]);
  return root !== undefined && (getNodeValue(root) as { disableAllHooks?: unknown }).disableAllHooks === true;
}

const splitMark = (text: string): [mark: string, body: string] =>
  text.startsWith('\uFEFF') ? ['\uFEFF', text.slice(1)] : ['', text];

const listed = (groups: HookGroups) =>
  Object.fromEntries(Object.entries(groups).map(([event, group]) => [event, [group]]));

const propertyText = (key: string, value: unknown, layout: Layout): string =>
  `${JSON.stringify(key)}:${layout.isOneLine ? '' : ' '}${jsonOf(value, layout)}`;

function hasExactly(text: string, groups: HookGroups): boolean {
  const root = parseJson(splitMark(text)[1]);
  const own = root ? findOwn(root) : [];
  const wanted = Object.entries(groups);
  return (
    own.length === wanted.length &&
    wanted.every(([event, group]) =>
      own.some((each) => keyOf(each.event) === event && isSame(getNodeValue(each.group), group)),
    )
  );
}

/** Order of keys aside: a formatter may have sorted them. */
const isSame = (one: unknown, other: unknown): boolean => sorted(one) === sorted(other);
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : each,
  );

function addGroup(text: string, layout: Layout, event: string, group: HookGroup): string {
  const root = parseJson(text);
  const hooks = root && objectOf(text, root, 'hooks');
  if (!hooks) return text;
  const list = only(text, hooks, event)?.children?.[1];
  if (!list) return append(text, layout, hooks, 1, propertyText(event, [group], layout));
  if (list.type !== 'array') throw brokenAt(text, list.offset, `"${event}" is no list`);
  return append(text, layout, list, 2, jsonOf(group, layout));
}

/** Where an entry of ours stands: handler in handlers in group in groups in event in hooks in the root. */
interface Place {
  hooksProperty: Node;
  hooks: Node;
  event: Node;
  groups: Node;
  group: Node;
  handlers: Node;
  handler: Node;
  command: string;
}

/** Takes out the first entry of ours with all around it that held nothing else; undefined when there is none. */
function removeOne(text: string, before: Before): string | undefined {
  const root = parseJson(text);
  const place = root && findOwn(root)[0];
  if (!root || !place) return undefined;
  const layout = layoutOf(text, root);
  const isOnly = (container: Node) => container.children?.length === 1;
  if (!isOnly(place.handlers)) return cutOut(text, layout, place.handlers, 4, place.handler);
  const event = keyOf(place.event);
  if (!isOnly(place.groups) || before.events.includes(event)) return cutOut(text, layout, place.groups, 2, place.group);
  if (!isOnly(place.hooks) || before.hasHooks) return cutOut(text, layout, place.hooks, 1, place.event);
  if (!isOnly(root) || before.hasRoot) return cutOut(text, layout, root, 0, place.hooksProperty);
  const rest = text.slice(endOf(root));
  return text.slice(0, root.offset) + rest.replace(/^\r?\n/, '');
}

function findOwn(root: Node): Place[] {
  const hooksProperty = root.children?.find((each) => keyOf(each) === 'hooks');
  const hooks = hooksProperty?.children?.[1];
  if (!hooksProperty || hooks?.type !== 'object') return [];
  const places: Place[] = [];
  for (const event of hooks.children ?? []) {
    const groups = event.children?.[1];
    for (const group of listOf(groups)) {
      const handlers = valueOf(group, 'hooks');
      for (const handler of listOf(handlers)) {
        const command: unknown = valueOf(handler, 'command')?.value;
        if (groups && handlers && typeof command === 'string' && launcherPattern.test(`${command} `))
          places.push({ hooksProperty, hooks, event, groups, group, handlers, handler, command });
      }
    }
  }
  return places;
}

const keyOf = (property: Node): string => String(property.children?.[0]?.value);
const listOf = (node: Node | undefined): Node[] => (node?.type === 'array' ? (node.children ?? []) : []);
const valueOf = (node: Node, key: string): Node | undefined =>
  node.type === 'object' ? node.children?.find((each) => keyOf(each) === key)?.children?.[1] : undefined;

/** The property of this name. Written twice, only one of them counts, and nobody could say which. */
function only(text: string, object: Node, key: string): Node | undefined {
  const [first, second] = (object.children ?? []).filter((each) => keyOf(each) === key);
  if (second) throw brokenAt(text, second.offset, `"${key}" is written twice`);
  return first;
}

function objectOf(text: string, root: Node, key: string): Node | undefined {
  const value = only(text, root, key)?.children?.[1];
  if (value && value.type !== 'object') throw brokenAt(text, value.offset, `"${key}" is no object`);
  return value;
}
