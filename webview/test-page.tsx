/** Renders a page in a test document and operates it like a person: by label and by key. */
import { act } from 'react';
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import type { FakeHost } from './fake-host';
import { HostProvider } from './state/host';

export interface TestPage {
  root: HTMLElement;
  /** The only element with this accessible name. */
  get: (label: string) => HTMLElement;
  find: (label: string) => HTMLElement | undefined;
  text: () => string;
  type: (label: string, text: string) => Promise<void>;
  click: (label: string) => Promise<void>;
  press: (key: string, options?: KeyboardEventInit) => Promise<void>;
  /** Waits until pending promises and renders have finished. */
  flush: (change?: () => void) => Promise<void>;
  close: () => Promise<void>;
}

declare global {
  // Without it, React does not wait for state changes outside `act`.
  var IS_REACT_ACT_ENVIRONMENT: boolean;
}

/** A test document has no layout: without a height, a list cannot scroll. */
function giveHeight(): void {
  Object.defineProperties(HTMLElement.prototype, {
    clientHeight: { configurable: true, get: () => 800 },
    scrollHeight: { configurable: true, get: () => 1_000_000 },
    scrollTo: {
      configurable: true,
      value(this: HTMLElement, { top = 0 }: ScrollToOptions) {
        this.scrollTop = top;
        this.dispatchEvent(new Event('scroll'));
      },
    },
  });
}

export async function openPage(host: FakeHost, page: ReactNode): Promise<TestPage> {
  globalThis.IS_REACT_ACT_ENVIRONMENT = true;
  giveHeight();
  const root = document.createElement('div');
  document.body.append(root);
  const reactRoot = createRoot(root);
  const flush = async (change?: () => void) => {
    await act(async () => change?.());
    // Answers of the fake host are nested promises; a few turns resolve all of them.
    for (let turn = 0; turn < 5; turn += 1) await act(() => Promise.resolve()); // oxlint-disable-line no-await-in-loop
  };
  await flush(() =>
    reactRoot.render(
      <HostProvider host={host} context={host.context}>
        {page}
      </HostProvider>,
    ),
  );

  const find = (label: string) => {
    const all = root.querySelectorAll<HTMLElement>('button, input, textarea, select, [aria-label]');
    return [...all].find((element) => nameOf(root, element) === label);
  };
  const get = (label: string) => {
    const found = find(label);
    if (!found) throw new Error(`Nothing is called "${label}" in: ${root.textContent}`);
    return found;
  };
  return {
    root,
    get,
    find,
    flush,
    text: () => root.textContent ?? '',
    type: (label, text) =>
      flush(() => {
        const field = get(label);
        field.focus();
        setValue(field, text);
      }),
    click: (label) => flush(() => get(label).click()),
    press: (key, options = {}) =>
      flush(() => {
        const target = document.activeElement ?? document.body;
        const isHandled = !target.dispatchEvent(
          new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...options }),
        );
        // A browser clicks the focused button on Enter.
        if (!isHandled && key === 'Enter' && target instanceof HTMLButtonElement) target.click();
      }),
    close: async () => {
      await act(async () => reactRoot.unmount());
      root.remove();
    },
  };
}

function nameOf(root: HTMLElement, element: HTMLElement): string {
  const label =
    element.getAttribute('aria-label') ??
    (element.id === '' ? null : root.querySelector(`label[for="${CSS.escape(element.id)}"]`)?.textContent);
  return (label ?? element.textContent ?? '').trim();
}

/** React overrides the setter on the element, so the prototype's setter must be called to be noticed. */
function setValue(field: HTMLElement, value: string): void {
  const prototype: object = Object.getPrototypeOf(field);
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, value);
  field.dispatchEvent(new Event(field instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }));
}
