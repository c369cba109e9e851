/** This window's settings for paid models, and the key from the editor's secret store. */
import type { ModelSettings } from '../../protocol/questions/spend';
import type { Settings } from '../settings';

/** Name of the key in the secret store. Its value is never in a setting, log or page. */
export const apiKeySecret = 'claudeMem.apiKey';

export function modelSettings(settings: Settings, source: string, key: string | undefined): ModelSettings {
  return {
    source,
    isAllowed: settings.modelEnabled,
    isAutomatic: settings.modelEnabled && settings.modelAutomatic,
    // While models are off, the key is not sent to the keeper.
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
