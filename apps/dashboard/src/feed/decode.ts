import type { monitorTypes } from '@tidemark/bindings'
import type { ClaimState, Executed, Fleet, Sample, SampleSettings, Watched } from '../model/sample.ts'

/** Candid's `opt` as a value that may be absent. */
const present = <T>(optional: [] | [T]): T | undefined => optional[0]

export const decodeExecuted = (entry: monitorTypes.Executed): Executed => ('Heartbeat' in entry ? 'heartbeat' : 'low_wasm_memory')

const decodeSettings = (settings: monitorTypes.Settings): SampleSettings => ({
  controllers: settings.controllers.map((controller) => controller.toText()),
  memoryAllocationBytes: settings.memory_allocation,
  freezingThresholdSeconds: settings.freezing_threshold,
  reservedCyclesLimit: settings.reserved_cycles_limit,
  wasmMemoryLimitBytes: settings.wasm_memory_limit,
  wasmMemoryThresholdBytes: settings.wasm_memory_threshold,
  computeAllocationPercent: settings.compute_allocation,
})

const decodeStatus = (status: monitorTypes.Status): Sample['status'] => {
  if ('running' in status) return 'running'
  return 'stopping' in status ? 'stopping' : 'stopped'
}

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

export const decodeSample = (sample: monitorTypes.Sample): Sample => {
  const moduleHash = present(sample.module_hash)
  const executed = present(sample.executed_functions_order)
  return {
    atNanos: sample.at_nanos,
    status: decodeStatus(sample.status),
    balanceCycles: sample.cycles,
    reservedCycles: sample.reserved_cycles,
    idleCyclesBurnedPerDay: sample.idle_cycles_burned_per_day,
    memoryBytes: sample.memory_size,
    wasmMemoryBytes: sample.memory_metrics.wasm_memory_size,
    settings: decodeSettings(sample.settings),
    ...(moduleHash === undefined ? {} : { moduleHash: toHex(Uint8Array.from(moduleHash)) }),
    ...(executed === undefined ? {} : { executed: executed.map(decodeExecuted) }),
  }
}

const decodeClaim = (claim: monitorTypes.ClaimState): ClaimState => {
  if ('ClaimedBy' in claim) return { kind: 'claimed', by: claim.ClaimedBy.toText() }
  return { kind: 'Open' in claim ? 'open' : 'disabled' }
}

const decodeWatched = (watched: monitorTypes.Watched): Watched => {
  const latest = present(watched.latest)
  const error = present(watched.error)
  return {
    canisterId: watched.canister.toText(),
    ...(latest === undefined ? {} : { latest: decodeSample(latest) }),
    ...(error === undefined ? {} : { error: error.message }),
  }
}

export const decodeFleet = (fleet: monitorTypes.Fleet): Fleet => ({
  polledAtNanos: fleet.polled_at_nanos,
  intervalSeconds: fleet.interval_seconds,
  claim: decodeClaim(fleet.claim),
  canisters: fleet.canisters.map(decodeWatched),
})
