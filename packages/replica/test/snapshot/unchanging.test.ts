/** What snapshots share with the live state is never changed in place: here it is frozen, and everything goes on. */
import { Captured, PersistentMap, Unchanging } from '@tidemark/state'
import { Principal } from '@tidemark/types'
import { expect, test } from 'vitest'
import { type TestNetwork, candid, later, network, program, universalCanister } from '../../../../tests/support/index.ts'

/** Freezes a captured state as deep as it goes; bytes cannot be frozen, so they are written down. */
function freeze(value: unknown, bytes: Map<Uint8Array, string>): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  if (value instanceof Uint8Array) {
    bytes.set(value, Buffer.from(value).toString('hex'))
    return
  }
  if (value instanceof Principal || value instanceof Unchanging) return
  if (value instanceof PersistentMap) for (const [, entry] of value.entries()) freeze(entry, bytes)
  else if (value instanceof Map) for (const entry of value.values()) freeze(entry, bytes)
  else if (value instanceof Captured) freeze(value.state, bytes)
  else for (const field of Object.values(value)) freeze(field, bytes)
  Object.freeze(value)
}

test('everything goes on with all that was captured frozen', () => {
  const net = network({ experimentalHooks: true })
  const bytes = new Map<Uint8Array, string>()
  const captured = () => freeze(net.replica.snapshot().open(net.replica), bytes)
  const ids = [
    net.install(universalCanister({ exports: ['heartbeat', 'global_timer'] })),
    net.install(universalCanister({ mode: 'wasm64' })),
  ]
  const [id, other] = ids as [Principal, Principal]
  captured()
  const deeds: readonly ((net: TestNetwork) => unknown)[] = [
    () => net.update(id, program().note('x').replyState()),
    () => net.update(id, program().trap('no')),
    () => net.submit(id, 'update', program().callUpdate(other, later(2, program().reply()), { onReply: program().reply() })),
    () => net.tick(),
    () => net.lifecycle('stop_canister', other),
    () => net.lifecycle('start_canister', other),
    () => net.updateSettings(id, { compute_allocation: 1n, wasm_memory_limit: 100_000_000n }),
    () => net.manage('upload_chunk', { canister_id: candid(id), chunk: Uint8Array.of(1) }, { effectiveCanisterId: id }),
    () =>
      net.manage(
        'take_canister_snapshot',
        { canister_id: candid(id), replace_snapshot: [], uninstall_code: [], sender_canister_version: [] },
        { effectiveCanisterId: id },
      ),
    () =>
      net.manage(
        'load_canister_snapshot',
        { canister_id: candid(id), snapshot_id: net.replica.canister(id)!.snapshots[0]!.id, sender_canister_version: [] },
        { effectiveCanisterId: id },
      ),
    () => net.upgrade(other, universalCanister({ mode: 'wasm64' })),
    () => net.query(id, program().replyState()),
    () => net.advance(700),
    () => net.lifecycle('uninstall_code', other),
    () => net.tick(600),
  ]
  for (const deed of deeds) {
    deed(net)
    captured()
    const snapshot = net.replica.snapshot()
    net.tick(2)
    net.replica.restore(snapshot)
  }
  for (const [array, hex] of bytes) expect(Buffer.from(array).toString('hex')).toBe(hex)
})
