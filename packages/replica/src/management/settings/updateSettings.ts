import { ingressInduction } from '@tidemark/cycles'
import type { CanisterState } from '@tidemark/state'
import { argumentOf, controlledCanister } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { addHistory } from '../history.ts'
import { burn, freezingThresholdOf } from '../ledger.ts'
import { reserve } from '../memory.ts'
import { replyWith } from '../reply.ts'
import { checkLogMemory, judgeSettings } from './judgeSettings.ts'
import { applyLogResize, judgeLogResize } from './logResize.ts'
import { parseHookSettings } from './hookSettings.ts'
import { parseSettings } from './settingsChange.ts'

/** Changes the settings that are named, all or none. @see Interface specification, "IC method `update_settings`" */
export function updateSettings(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'update_settings')
  const change = { ...parseSettings(arg.settings), ...parseHookSettings(call, 'change') }
  const canister = controlledCanister(call, arg.canister_id)
  checkLogMemory(change.logMemoryLimit)
  const resize = judgeLogResize(call, canister, change.logMemoryLimit)
  const { settings, reservation } = judgeSettings(call.subnet, call.env, canister, change)
  canister.settings = settings
  canister.version += 1n
  reserve(canister, reservation)
  const changedBytes = applyLogResize(call, canister, resize, settings.logMemoryLimit)
  if (change.controllers !== undefined) {
    addHistory(call, canister, arg, { kind: 'controllers_change', controllers: settings.controllers })
  }
  chargeInduction(call, canister)
  return replyWith('update_settings', undefined, { target: canister, changedBytes })
}

/** What a small change of settings owes for having been taken in. A canister that cannot pay it above its threshold does not. */
function chargeInduction({ env, origin, subnet }: ManagementCall, canister: CanisterState): void {
  if (origin.kind !== 'ingress' || origin.unpaidBytes === undefined) return
  const fee = ingressInduction(env.pricing, origin.unpaidBytes)
  if (canister.balance - freezingThresholdOf(env.pricing, canister) >= fee) burn(subnet, canister, fee, 'ingress_induction')
}
