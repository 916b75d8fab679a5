/**
 * Settings as a call names them: decoded, in range, not yet judged against a canister.
 *
 * @see Interface specification, "IC method `update_settings`".
 */
import type { managementTypes } from '@tidemark/bindings'
import type { CanisterSettings, EnvironmentVariable, Visibility } from '@tidemark/state'
import { comparePrincipals, type Principal, RejectError } from '@tidemark/types'
import type { Principal as CandidPrincipal } from '@dfinity/principal'
import { fromCandidPrincipal, optional, tooManyElements } from '../codec.ts'
import { printNumber } from '../print.ts'
import { managementLimits, maxCycles, maxNat64 } from '../limits.ts'

/** The fields that a call names; those that it does not are undefined and stay as they are. */
export type SettingsChange = { readonly [Field in keyof CanisterSettings]: CanisterSettings[Field] | undefined }

/**
 * Range checks of every field.
 *
 * @throws RejectError CanisterContractViolation for a number out of range, InvalidManagementPayload for lists that are
 * too long
 */
export function parseSettings(settings: managementTypes.CanisterSettings): SettingsChange {
  const memorySetting = managementLimits.wasmMemorySettingBytes
  return {
    controllers: parsePrincipals(optional(settings.controllers), managementLimits.controllers),
    computeAllocation: inRange(
      settings.compute_allocation,
      100n,
      (n) => `ComputeAllocation expected to be in the range [0..100], got ${printNumber(n)}`,
    ),
    memoryAllocation: inRange(
      settings.memory_allocation,
      maxNat64,
      (n) => `MemoryAllocation expected to be in the range [0..2^64-1], got ${printNumber(n)}`,
    ),
    freezingThreshold: inRange(
      settings.freezing_threshold,
      maxNat64,
      (n) => `Freezing threshold expected to be in the range of [0..2^64-1], got ${printNumber(n)}`,
    ),
    reservedCyclesLimit: inRange(
      settings.reserved_cycles_limit,
      maxCycles,
      (n) => `Reserved cycles limit expected to be in the range of [0..2^128-1], got ${printNumber(n)}`,
    ),
    minimumIncomingCanisterCallCycles: inRange(
      settings.minimum_incoming_canister_call_cycles,
      maxCycles,
      (n) => `Minimum incoming canister call cycles expected to be in the range of [0..2^128-1], got ${printNumber(n)}`,
    ),
    // The bound is 2^48; the network's text has never followed.
    wasmMemoryLimit: inRange(
      settings.wasm_memory_limit,
      memorySetting,
      (n) => `Wasm memory limit expected to be in the range of [0..2^64-1], got ${printNumber(n)}`,
    ),
    wasmMemoryThreshold: inRange(
      settings.wasm_memory_threshold,
      memorySetting,
      (n) => `Wasm memory threshold expected to be in the range of [0..2^64-1], got ${printNumber(n)}`,
    ),
    logMemoryLimit: inRange(
      settings.log_memory_limit,
      maxNat64,
      (n) => `Log memory limit expected to be in the range of [0..2^64-1], got ${printNumber(n)}`,
    ),
    logVisibility: parseVisibility(optional(settings.log_visibility)),
    snapshotVisibility: parseVisibility(optional(settings.snapshot_visibility)),
    statusVisibility: parseVisibility(optional(settings.status_visibility)),
    environmentVariables: parseEnvironmentVariables(optional(settings.environment_variables)),
  }
}

function inRange(field: [] | [bigint], max: bigint, text: (given: bigint) => string): bigint | undefined {
  const value = optional(field)
  if (value !== undefined && value > max) throw new RejectError('CanisterContractViolation', text(value))
  return value
}

function parsePrincipals(list: CandidPrincipal[] | undefined, max: number): readonly Principal[] | undefined {
  if (list === undefined) return undefined
  // A list that is too long is refused while decoding, before its members are looked at.
  if (list.length > max) throw tooManyElements(max)
  return sortedPrincipals(list.map(fromCandidPrincipal))
}

/** Sorted by bytes, each once. */
export function sortedPrincipals(principals: readonly Principal[]): readonly Principal[] {
  return [...new Map(principals.map((principal) => [principal.key, principal])).values()].sort(comparePrincipals)
}

function parseVisibility(visibility: managementTypes.Visibility | undefined): Visibility | undefined {
  if (visibility === undefined) return undefined
  if ('controllers' in visibility) return { kind: 'controllers' }
  if ('public' in visibility) return { kind: 'public' }
  return { kind: 'allowed_viewers', viewers: parsePrincipals(visibility.allowed_viewers, managementLimits.allowedViewers) ?? [] }
}

function parseEnvironmentVariables(variables: EnvironmentVariable[] | undefined): readonly EnvironmentVariable[] | undefined {
  if (variables === undefined) return undefined
  const { environmentVariables: max, environmentVariableNameBytes, environmentVariableValueBytes } = managementLimits
  if (variables.length > max) throw invalid(`Too many environment variables: ${variables.length} (max: ${max})`)
  const encoder = new TextEncoder()
  for (const { name, value } of variables) {
    if (encoder.encode(name).length > environmentVariableNameBytes) {
      throw invalid(`Environment variable name "${name}" exceeds the maximum allowed length of ${environmentVariableNameBytes}.`)
    }
    if (encoder.encode(value).length > environmentVariableValueBytes) {
      throw invalid(`Environment variable value "${value}" exceeds the maximum allowed length of ${environmentVariableValueBytes}.`)
    }
  }
  if (new Set(variables.map(({ name }) => name)).size < variables.length) {
    throw invalid('Duplicate environment variables are not allowed')
  }
  return variables.map(({ name, value }) => ({ name, value })).sort((a, b) => compareBytes(encoder.encode(a.name), encoder.encode(b.name)))
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return (a[i] as number) - (b[i] as number)
  return a.length - b.length
}

function invalid(text: string): RejectError {
  return new RejectError('InvalidManagementPayload', text)
}
