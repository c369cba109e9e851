import { describe } from 'vitest';
import { clientVersions } from '../../scripts/clients.mjs';
import { testHooks } from './hook-tests';

describe.each(clientVersions.slice(0, 2))('Claude Code %s', testHooks);
