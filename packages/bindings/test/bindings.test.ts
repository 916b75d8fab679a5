import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import { expect, test } from 'vitest'
import { assets, lowWasmMemoryHook, lowWasmMemoryHookTypes, management, managementTypes, monitor, monitorTypes } from '../src/index.ts'

const methodsOf = (factory: IDL.InterfaceFactory) => new Map(factory({ IDL })._fields)

test.each([
  ['the hook example', lowWasmMemoryHook, 'get_executed_functions_order', true],
  ['the monitor', monitor, 'fleet', true],
  ['the monitor', monitor, 'claim', false],
  ['the asset canister', assets, 'store', false],
  ['the management canister', management, 'canister_status', false],
  ['the management canister', management, 'fetch_canister_logs', true],
])('%s offers its methods (%#)', (_, binding, method, isQuery) => {
  const found = methodsOf(binding.idlFactory).get(method)
  expect(found?.annotations.includes('query')).toBe(isQuery)
  expect(binding.did).toContain(method)
})

test('only the monitor and the asset canister take initialisation arguments', () => {
  expect(monitor.init({ IDL }).map((type) => type.display())).toEqual([IDL.Opt(monitorTypes.Init).display()])
  expect(lowWasmMemoryHook.init({ IDL })).toEqual([])
  expect(management.init({ IDL })).toEqual([])
})

test('the execution order is read with the published names', () => {
  const order: lowWasmMemoryHookTypes.Executed[] = [{ Heartbeat: null }, { OnLowWasmMemory: null }]
  const bytes = IDL.encode([IDL.Vec(lowWasmMemoryHookTypes.Executed)], [order])
  const [returned] = methodsOf(lowWasmMemoryHook.idlFactory).get('get_executed_functions_order')?.retTypes ?? []
  expect(IDL.decode(returned === undefined ? [] : [returned], bytes)).toEqual([order])
})

test('a reply with fields nobody knows yet decodes to the fields that are known', () => {
  const newer = IDL.Record({ chunk: IDL.Vec(IDL.Nat8), added_later: IDL.Nat, also: IDL.Opt(IDL.Text) })
  const bytes = IDL.encode([newer], [{ chunk: [1, 2], added_later: 7n, also: ['x'] }])
  expect(IDL.decode([managementTypes.SnapshotDataResult], bytes)).toEqual([{ chunk: Uint8Array.of(1, 2) }])
})

test('a variant case that carries `reserved` accepts whatever a sender puts there', () => {
  const sent = IDL.Variant({ taken_from_canister: IDL.Record({ at: IDL.Nat }) })
  const bytes = IDL.encode([sent], [{ taken_from_canister: { at: 1n } }])
  expect(IDL.decode([managementTypes.SnapshotSource], bytes)).toEqual([{ taken_from_canister: null }])
})

test('arguments that leave out every optional setting decode to empty options', () => {
  const bytes = IDL.encode(
    [IDL.Record({ canister_id: IDL.Principal, settings: IDL.Record({}) })],
    [{ canister_id: Principal.managementCanister(), settings: {} }],
  )
  const [decoded] = IDL.decode([managementTypes.UpdateSettingsArgs], bytes)
  expect(decoded).toMatchObject({ settings: { wasm_memory_limit: [], controllers: [] }, sender_canister_version: [] })
})
