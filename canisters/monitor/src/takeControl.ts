import type { Principal } from '@dfinity/principal'
import { callSetControllers, callStatus } from './calls.ts'
import { withController } from './claim.ts'
import { decodeStatus } from './statusReply.ts'

/**
 * Makes a principal a controller of every given canister that the monitor controls.
 *
 * @returns those of the canisters that the principal controls now
 */
export async function takeControl(canisters: readonly Principal[], added: Principal): Promise<Principal[]> {
  const taken = await Promise.all(canisters.map((canister) => takeOne(canister, added)))
  return canisters.filter((_, index) => taken[index])
}

async function takeOne(canister: Principal, added: Principal): Promise<boolean> {
  try {
    const { settings } = decodeStatus(await callStatus(canister))
    const controllers = withController(settings.controllers, added)
    if (controllers !== undefined) await callSetControllers(canister, controllers)
    return true
  } catch {
    // Not controlled by the monitor, or full: the caller sees which canisters are missing from the answer.
    return false
  }
}
