/** A canister that takes calls and never gets to answer them. */
import type { Principal } from '@tidemark/types'
import { type TestNetwork, universalCanister } from '../../support/index.ts'
import { setSettings } from './held.ts'

/**
 * Frozen with plenty of cycles, and its hook is due: until that has run, nothing new may start, so that requests neither
 * run nor are refused.
 */
export function installSilent(net: TestNetwork): Principal {
  const id = net.install(universalCanister())
  setSettings(net, id, { wasm_memory_threshold: 1n << 40n, freezing_threshold: 1n << 60n })
  return id
}
