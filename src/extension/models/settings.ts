/**
 * What this window tells the keeper about models: the person's own settings and the key from the editor's secret store.
 */
import type { ModelSettings } from '../../protocol/questions/spend';
import type { Settings } from '../settings';

/** Name of the key in the secret store. Its value is in no setting, no log and no page. */
export const apiKeySecret = 'claudeMem.apiKey';

export function modelSettings(settings: Settings, source: string, key: string | undefined): ModelSettings {
  return {
    source,
    isAllowed: settings.modelEnabled,
    isAutomatic: settings.modelEnabled && settings.modelAutomatic,
    // A window that may not send anything has no business handing out the key.
    ...(settings.modelEnabled && key !== undefined && key !== '' && { key }),
    baseUrl: settings.modelBaseUrl,
    fastModel: settings.fastModel,
    strongModel: settings.strongModel,
    ceilings: {
      dayUsd: settings.modelDayUsd,
      monthUsd: settings.modelMonthUsd,
      dayTokens: settings.modelDayTokens,
      monthTokens: settings.modelMonthTokens,
    },
  };
}
