/** A network that was saved and loaded goes on as if nothing had been. */
import { createReplica } from '@tidemark/replica'
import { managementCanisterId, Principal } from '@tidemark/types'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { candid, encodeManagement, heavy, program, TestNetwork, universalCanister } from '../../../tests/support/index.ts'
import { passOn, subnetsOf } from '../../network/test/support/subnets.ts'
import { contentOf } from '../../replica/test/snapshot/content.ts'
import { modules, play, sequence, start } from '../../replica/test/snapshot/play.ts'
import { type KeptState, StateFolder } from '../src/index.ts'
import { MemoryFiles } from './support/memoryFiles.ts'

/** The state after a way through a folder. */
function throughFolder(state: KeptState['state']): KeptState['state'] {
  const open = StateFolder.open('/state', new MemoryFiles())
  open.save({ about: null, state })
  const found = open.load()?.state
  open.close()
  return found
}

/** A network that was made from what another one has saved. */
function reloaded(net: TestNetwork): TestNetwork {
  const loaded = new TestNetwork(createReplica())
  loaded.replica.importState(throughFolder(net.replica.exportState()))
  loaded.requests = net.requests
  return loaded
}

/** Submits an installation that takes many rounds. */
function sendInstall(net: TestNetwork, id: Principal): Uint8Array {
  const arg = encodeManagement('install_code', {
    mode: { reinstall: null },
    canister_id: candid(id),
    wasm_module: modules[0],
    arg: program().burn(600_000_000).note('new').bytes(),
    sender_canister_version: [],
  })
  const sent = net.submit(managementCanisterId, 'install_code', arg, { effectiveCanisterId: id })
  if (!(sent instanceof Uint8Array)) throw new Error(sent.message)
  return sent
}

const everything = (net: TestNetwork) => ({
  content: contentOf(net.replica),
  hash: Buffer.from(net.replica.stateHash()).toString('hex'),
  ledger: net.replica.cyclesLedger(),
})

describe('one subnet', () => {
  test('goes on alike from any state', () => {
    fc.assert(
      fc.property(sequence, sequence, (before, after) => {
        const net = start()
        play(net, before)
        const loaded = reloaded(net)
        expect(everything(loaded)).toEqual(everything(net))
        play(net, after)
        play(loaded, after)
        expect(everything(loaded)).toEqual(everything(net))
      }),
      { numRuns: 30, seed: 4 },
    )
  })

  test.each<[title: string, begin: (net: TestNetwork, id: Principal) => Uint8Array]>([
    ['message', (net, id) => net.send(id, heavy(10).note('done').replyState())],
    ['installation', sendInstall],
  ])('goes on with a long %s in its middle', (_, begin) => {
    const net = start()
    const id = net.replica.canisters()[1]?.id ?? managementCanisterId
    const sent = begin(net, id)
    net.tick(2)
    expect(net.replica.canister(id)?.longExecution).toBeDefined()
    const loaded = reloaded(net)
    expect(loaded.await(sent, 50)).toEqual(net.await(sent, 50))
    expect(everything(loaded)).toEqual(everything(net))
  })

  test('of another version is refused, and nothing has changed', () => {
    const net = start()
    const state = net.replica.exportState() as { readonly shape: readonly string[] }
    const before = everything(net)
    const other = { ...state, shape: [...state.shape.slice(1), 'canister.soul'] }
    expect(() => net.replica.importState(other)).toThrow('the state was written by another version, which differs in')
    expect(() => net.replica.importState(other)).toThrow('canister.soul')
    expect(() => net.replica.importState({ shape: 'round' })).toThrow('this is no state of a subnet')
    expect(everything(net)).toEqual(before)
  })
})

describe('several subnets', () => {
  const kinds = ['nns', 'application', 'application'] as const

  test('go on with calls between them, and with a subnet that was added', () => {
    const net = subnetsOf(kinds)
    const [caller, callee] = [net.installOn(1), net.installOn(2)]
    net.replica.addMainnetSubnet(Principal.canister(0x0300_0000n))
    const onSns = net.install(universalCanister(), '', { effectiveCanisterId: Principal.canister(0x0300_0000n) })
    const call = (to: Principal) => program().callUpdate(to, program().note('x').replyState(), { ...passOn, cycles: 7n })
    const sent = [net.send(caller, call(callee)), net.send(caller, call(onSns))]
    net.tick()

    const loaded = subnetsOf(kinds)
    loaded.replica.importState(throughFolder(net.replica.exportState()))
    expect(loaded.replica.subnets().map(({ id }) => id.toText())).toEqual(net.replica.subnets().map(({ id }) => id.toText()))
    expect(loaded.replica.stateHash()).toEqual(net.replica.stateHash())
    for (const request of sent) expect(loaded.await(request)).toEqual(net.await(request))
    expect(loaded.replica.stateHash()).toEqual(net.replica.stateHash())
    expect(loaded.replica.cyclesLedger()).toEqual(net.replica.cyclesLedger())
  })

  test('of other kinds are refused', () => {
    const state = subnetsOf(['application', 'nns']).replica.exportState()
    expect(() => subnetsOf(['nns', 'application']).replica.importState(state)).toThrow('the state is one of other subnets')
    expect(() => subnetsOf(['nns']).replica.importState({ subnets: 2 })).toThrow('this is no state of a network')
  })
})
