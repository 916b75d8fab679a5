/** Thresholds of the experimental hooks: two fields of the settings that the protocol's interface does not know. */
import { IDL } from '@dfinity/candid'
import { RejectError } from '@tidemark/types'
import type { ManagementCall } from '../call.ts'
import type { SettingsChange } from './settingsChange.ts'

const thresholds = IDL.Record({ low_cycles_threshold: IDL.Opt(IDL.Nat64), low_heap_memory_threshold: IDL.Opt(IDL.Nat64) })
const changing = IDL.Record({ settings: thresholds })
const creating = IDL.Record({ settings: IDL.Opt(thresholds) })

type Thresholds = { readonly low_cycles_threshold: [] | [bigint]; readonly low_heap_memory_threshold: [] | [bigint] }

/**
 * The thresholds that a call names, none of them while experimental hooks are off. To be called after the argument was
 * decoded by the protocol's own type, which bounds the work.
 *
 * @throws RejectError InvalidManagementPayload
 */
export function parseHookThresholds(
  { options, arg }: ManagementCall,
  purpose: 'change' | 'creation',
): Pick<SettingsChange, 'lowCyclesThreshold' | 'lowHeapMemoryThreshold'> {
  if (options.experimentalHooks !== true) return {}
  const given = purpose === 'change' ? decodeSettings<Thresholds>(changing, arg) : decodeSettings<[] | [Thresholds]>(creating, arg)[0]
  return { lowCyclesThreshold: given?.low_cycles_threshold[0], lowHeapMemoryThreshold: given?.low_heap_memory_threshold[0] }
}

function decodeSettings<Settings>(type: IDL.Type, bytes: Uint8Array): Settings {
  try {
    // The decoder has checked the value against the type that stands beside it above.
    return (IDL.decode([type], bytes)[0] as unknown as { settings: Settings }).settings
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    throw new RejectError('InvalidManagementPayload', `Error decoding candid: ${reason}`)
  }
}
