import type { managementTypes } from '@tidemark/bindings'
import { noSettings } from '../../../src/management/settings/noSettings.ts'

/** Settings that name the given fields only. */
export const settings = (fields: Partial<managementTypes.CanisterSettings>): managementTypes.CanisterSettings => ({
  ...noSettings,
  ...fields,
})
