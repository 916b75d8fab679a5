/** What both ways of creating a canister share. @see Interface specification, "IC method `create_canister`" */
import { hashOfMap } from '@tidemark/certification'
import { type CanisterSettings, type CanisterState, createCanisterState, defaultSettings, type EnvironmentVariable } from '@tidemark/state'
import { Principal, RejectError } from '@tidemark/types'
import type { ManagementCall } from '../call.ts'
import { credit, mint } from '../ledger.ts'
import { addHistory } from '../history.ts'
import { reserve } from '../memory.ts'
import { logStoreOf } from '../settings/logResize.ts'
import { judgeSettings } from '../settings/judgeSettings.ts'
import type { SettingsChange } from '../settings/settingsChange.ts'

export interface CreationRequest {
  readonly id: Principal
  readonly change: SettingsChange
  /** Defaults that differ between the ways of creating. */
  readonly defaults: Partial<CanisterSettings>
  readonly cycles: bigint
  /** Whether the cycles come from the caller or out of nothing. */
  readonly funding: 'attached' | 'minted'
  readonly arg: { readonly sender_canister_version: [] | [bigint] }
}

/** @throws RejectError MaxNumberOfCanistersReached */
export function requireRoomForCanister({ subnet, env, options }: ManagementCall): void {
  if (subnet.peekAll().length < options.maxCanisters) return
  throw new RejectError(
    'MaxNumberOfCanistersReached',
    `Subnet ${env.subnetId.toText()} has reached the allowed canister limit of ${options.maxCanisters} canisters. Retry creating the canister.`,
  )
}

/** The id that the next canister gets. @throws RejectError SubnetOversubscribed when the range is used up */
export function nextCanisterId({ subnet, options }: ManagementCall): Principal {
  if (subnet.nextCanisterIndex > options.canisterRange.last) {
    throw new RejectError('SubnetOversubscribed', 'Could not create canister. Subnet has surpassed its canister ID allocation.')
  }
  return Principal.canister(subnet.nextCanisterIndex)
}

/** Judges the settings, then adds the canister. @throws RejectError as `judgeSettings` does */
export function addCanister(call: ManagementCall, request: CreationRequest): CanisterState {
  const { subnet, env } = call
  const defaults = { ...defaultSettings([call.caller]), ...request.defaults }
  // Judged with the whole funding as balance; the ledger enters it below, where the canister joins the subnet.
  const candidate = createCanisterState(request.id, defaults, request.cycles, env.timeNanos)
  const logLimit = request.change.logMemoryLimit ?? defaults.logMemoryLimit
  candidate.log.storeBytes = logStoreOf(env.pricing, logLimit)
  const { settings, reservation } = judgeSettings(subnet, env, candidate, request.change)
  candidate.settings = settings
  candidate.balance = 0n
  ;(request.funding === 'minted' ? mint : credit)(subnet, candidate, request.cycles)
  reserve(candidate, reservation)
  addHistory(call, candidate, request.arg, {
    kind: 'creation',
    controllers: settings.controllers,
    environmentVariablesHash: request.change.environmentVariables && environmentHash(request.change.environmentVariables),
  })
  subnet.addCanister(candidate)
  if (request.id.equals(Principal.canister(subnet.nextCanisterIndex))) subnet.nextCanisterIndex += 1n
  return candidate
}

function environmentHash(variables: readonly EnvironmentVariable[]): Uint8Array {
  return hashOfMap(Object.fromEntries(variables.map(({ name, value }) => [name, value])))
}
