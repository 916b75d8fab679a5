/**
 * Tests of a canister in one process: deploy a Motoko program, let time pass, go back.
 * Run it with Node 24 in the root folder: node examples/testing.ts
 */
import { lowWasmMemoryHook } from '@tidemark/bindings'
import { createReplica, userPrincipal } from '@tidemark/testing'

const replica = createReplica()
const { id, actor } = await replica.deploy('canisters/low_wasm_memory_hook/main.mo', {
  binding: lowWasmMemoryHook,
  as: userPrincipal('alice'),
})
const fresh = replica.snapshot()
const before = replica.cycles(id)

replica.tick(3)
console.log('heartbeats after three more rounds:', (await actor.get_executed_functions_order()).length)
console.log('cycles spent:', replica.cycles(id) < before ? 'some' : 'none')

replica.restore(fresh)
console.log('heartbeats after going back:', (await actor.get_executed_functions_order()).length)
console.log('cycles spent:', replica.cycles(id) < before ? 'some' : 'none')
