import { trimLog } from '@tidemark/state'
import { argumentOf, controlledCanister } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { addHistory } from '../history.ts'
import { reserve } from '../memory.ts'
import { replyWith } from '../reply.ts'
import { judgeSettings } from './judgeSettings.ts'
import { parseSettings } from './settingsChange.ts'

/** Changes the settings that are named, all or none. @see Interface specification, "IC method `update_settings`" */
export function updateSettings(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'update_settings')
  const change = parseSettings(arg.settings, call.env.memory.capacityBytes)
  const canister = controlledCanister(call, arg.canister_id)
  const { settings, reservation } = judgeSettings(call.subnet, call.env, canister, change)
  canister.settings = settings
  canister.version += 1n
  reserve(canister, reservation)
  trimLog(canister.log, Number(settings.logMemoryLimit))
  if (change.controllers !== undefined) {
    addHistory(call, canister, arg, { kind: 'controllers_change', controllers: settings.controllers })
  }
  return replyWith('update_settings', undefined, { target: canister })
}
