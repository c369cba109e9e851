/** Model settings of the open windows. Kept in memory only: when a window closes, its key is dropped. */
import { MemoryError } from '../../../protocol/errors';
import { isHubAllowed } from '../../../protocol/hub-address';
import type { Ceilings, ModelSettings } from '../../../protocol/questions/spend';
import type { SpendStatus } from '../../../protocol/spend';
import type { NanoCeilings } from '../../store/tables/calls';
import type { ModelAccess } from './language-model';

const ownHost = 'api.anthropic.com';
const nothing: Ceilings = { dayUsd: 0, monthUsd: 0, dayTokens: 0, monthTokens: 0 };

export class ModelDesk {
  /** In the order they were set, newest last. */
  readonly #settings = new Map<string, ModelSettings>();
  #wrongKey: string | undefined;

  /** @throws MemoryError `invalid_input` */
  set(settings: ModelSettings): void {
    check(settings);
    this.#settings.delete(settings.source);
    this.#settings.set(settings.source, settings);
  }

  /** The windows with these settings have closed. */
  forget(source: string): void {
    this.#settings.delete(source);
  }

  /** The API rejected this key. It is not used again until a window sets another key or a person asks for a call. */
  refuseKey(key: string): void {
    this.#wrongKey = key;
  }

  forgive(): void {
    this.#wrongKey = undefined;
  }

  /** The settings in use: of the newest window with a usable key. */
  get #active(): ModelSettings | undefined {
    const all = [...this.#settings.values()].toReversed();
    return all.find(({ isAllowed, key }) => isAllowed && key) ?? all.find(({ isAllowed }) => isAllowed) ?? all[0];
  }

  get state(): SpendStatus['state'] {
    const active = this.#active;
    if (!active?.isAllowed) return 'off';
    if (!active.key) return 'no_key';
    if (active.key === this.#wrongKey) return 'wrong_key';
    return active.fastModel === '' && active.strongModel === '' ? 'no_model' : 'ready';
  }

  get isAutomatic(): boolean {
    return this.state === 'ready' && this.#active?.isAutomatic === true;
  }

  get access(): ModelAccess | undefined {
    const active = this.#active;
    return this.state === 'ready' && active?.key ? { key: active.key, baseUrl: active.baseUrl } : undefined;
  }

  get models(): { fastModel: string; strongModel: string } {
    return { fastModel: this.#active?.fastModel ?? '', strongModel: this.#active?.strongModel ?? '' };
  }

  get host(): string {
    const baseUrl = this.#active?.baseUrl ?? '';
    return baseUrl === '' ? ownHost : new URL(baseUrl).host;
  }

  /** The lowest of all windows: a person who lowered a ceiling does not expect another window to spend more. */
  get ceilings(): Ceilings {
    const all = [...this.#settings.values()].map(({ ceilings }) => ceilings);
    if (all.length === 0) return nothing;
    const least = (name: keyof Ceilings) => Math.min(...all.map((each) => each[name]));
    return {
      dayUsd: least('dayUsd'),
      monthUsd: least('monthUsd'),
      dayTokens: least('dayTokens'),
      monthTokens: least('monthTokens'),
    };
  }

  get nanoCeilings(): NanoCeilings {
    const { dayUsd, monthUsd, dayTokens, monthTokens } = this.ceilings;
    return {
      dayNano: Math.floor(dayUsd * 1e9),
      monthNano: Math.floor(monthUsd * 1e9),
      dayTokens: Math.floor(dayTokens),
      monthTokens: Math.floor(monthTokens),
    };
  }
}

function check({ source, baseUrl, fastModel, strongModel, key = '', ceilings }: ModelSettings): void {
  const refuse = (message: string): never => {
    throw new MemoryError('invalid_input', message);
  };
  if (typeof source !== 'string' || source === '') refuse('Who says so is missing.');
  if (![baseUrl, fastModel, strongModel, key].every((each) => typeof each === 'string' && each.length <= 1000))
    refuse('These settings cannot be read.');
  if (!/^[\u0021-\u007E]*$/.test(key)) refuse('The key has signs in it that no key has.');
  if (baseUrl !== '' && !(URL.canParse(baseUrl) && isHubAllowed(new URL(baseUrl))))
    refuse('The address of the API must begin with https://, or be on this machine.');
  const numbers: number[] = [ceilings.dayUsd, ceilings.monthUsd, ceilings.dayTokens, ceilings.monthTokens];
  if (!numbers.every((each) => Number.isFinite(each) && each >= 0)) refuse('A ceiling must be 0 or more.');
}
