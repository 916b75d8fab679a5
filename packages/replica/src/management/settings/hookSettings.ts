/** Settings of the experimental hooks: fields that the protocol's own interface does not know. */
import { IDL } from '@dfinity/candid'
import { experimentalManagementTypes } from '@tidemark/bindings'
import { type CanisterSettings } from '@tidemark/state'
import { RejectError } from '@tidemark/types'
import type { ManagementCall } from '../call.ts'
import { noArguments, optional, toOptional } from '../codec.ts'
import { printNumber } from '../print.ts'
import type { SettingsChange } from './settingsChange.ts'

type HookSettings = experimentalManagementTypes.HookSettings

const changing = IDL.Record({ settings: experimentalManagementTypes.HookSettings })
const creating = IDL.Record({ settings: IDL.Opt(experimentalManagementTypes.HookSettings) })

/** Longest time that a post-init may keep a canister waiting: a callee that never answers must not lock it for good. */
const maxGateSeconds = 3600n

/**
 * The hook settings that a call names, none of them while experimental hooks are off. To be called after the argument was
 * decoded by the protocol's own type, which bounds the work.
 *
 * @throws RejectError InvalidManagementPayload; CanisterContractViolation for a gate that is too long
 */
export function parseHookSettings(
  { env, arg }: ManagementCall,
  purpose: 'change' | 'creation',
): Pick<SettingsChange, 'lowCyclesThreshold' | 'lowHeapMemoryThreshold' | 'postInitGateSeconds'> {
  if (env.experimentalHooks !== true || noArguments(arg)) return {}
  const given = purpose === 'change' ? decodeSettings<HookSettings>(changing, arg) : decodeSettings<[] | [HookSettings]>(creating, arg)[0]
  const postInitGateSeconds = given && optional(given.post_init_gate_seconds)
  if (postInitGateSeconds !== undefined && postInitGateSeconds > maxGateSeconds) {
    const text = `Post-init gate expected to be in the range of [0..${maxGateSeconds}] seconds, got ${printNumber(postInitGateSeconds)}`
    throw new RejectError('CanisterContractViolation', text)
  }
  return {
    lowCyclesThreshold: given && optional(given.low_cycles_threshold),
    lowHeapMemoryThreshold: given && optional(given.low_heap_memory_threshold),
    postInitGateSeconds,
  }
}

/** The hook settings as clients decode them; null where none was ever given. */
export function hookSettingsRecord(settings: CanisterSettings): HookSettings {
  return {
    low_cycles_threshold: toOptional(settings.lowCyclesThreshold),
    low_heap_memory_threshold: toOptional(settings.lowHeapMemoryThreshold),
    post_init_gate_seconds: toOptional(settings.postInitGateSeconds),
  }
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
