/** A counter canister: the smallest real work. */
import type { IngressMessage, Principal } from '@tidemark/types'
import { type TestNetwork, assemble, user } from '../support/index.ts'

const source = (updates: readonly string[]) => `(module
  (import "ic0" "msg_reply" (func $reply))
  (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
  (memory 1)
  (func (export "canister_update increment")
    (i64.store (i32.const 0) (i64.add (i64.load (i32.const 0)) (i64.const 1)))
    (call $append (i32.const 0) (i32.const 8)) (call $reply))
  (func (export "canister_query get") (call $append (i32.const 0) (i32.const 8)) (call $reply))
  ${updates.map((name) => `(func (export "canister_update ${name}"))`).join(' ')})`

const nothing = new Uint8Array(0)

/** @param updates - names of further update methods, which do nothing */
export function installCounter(network: TestNetwork, updates: readonly string[] = []): Principal {
  return network.install(assemble(source(updates)), nothing, { cycles: 10n ** 18n })
}

let sent = 0

/** Submits updates in batches and runs rounds until they are done. */
export function increment(network: TestNetwork, id: Principal, times: number): void {
  const { replica } = network
  for (let done = 0; done < times; done += 1000) {
    for (let n = 0; n < 1000; n++) replica.submit(message(id, replica.timeNanos()))
    while (replica.hasPendingWork()) replica.tick()
  }
}

export function get(network: TestNetwork, id: Principal, times: number): void {
  for (let n = 0; n < times; n++) {
    network.replica.query({ sender: user, canisterId: id, effectiveCanisterId: id, methodName: 'get', arg: nothing })
  }
}

function message(id: Principal, now: bigint): IngressMessage {
  const requestId = new Uint8Array(32)
  new DataView(requestId.buffer).setUint32(0, ++sent)
  requestId[31] = 0xbe
  return {
    requestId,
    sender: user,
    canisterId: id,
    effectiveCanisterId: id,
    methodName: 'increment',
    arg: nothing,
    ingressExpiryNanos: now + 240_000_000_000n,
    sizeBytes: 300,
  }
}
