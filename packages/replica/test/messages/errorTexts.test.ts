/**
 * What users are told when canisters fail, word for word: clients recognize the advice, and cut it off.
 *
 * The texts are those of the network's own implementation in 2026.
 */
import { managementCanisterId } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import {
  type Program,
  assemble,
  candid,
  encodeManagement,
  expectReject,
  expectReply,
  network,
  otherUser,
  program,
  universalCanister,
  user,
} from '../../../../tests/support/index.ts'

const wasm = universalCanister()
const net = network()
const link = 'See documentation: https://internetcomputer.org/docs/current/references/execution-errors'
const handle = 'Consider gracefully handling failures from this canister or altering the canister to handle exceptions.'
const toolchain =
  'If you are running this canister in a test environment (e.g., dfx), make sure the test environment is up to date. Otherwise, this is likely an error with the compiler/CDK toolchain being used to build the canister. Please report the error to IC devs on the forum: https://forum.dfinity.org and include which language/CDK was used to create the canister.'
const contexts = 'Check the ICP documentation to make sure APIs are being called in the correct message types.'

describe('a failed update', () => {
  const id = net.install(wasm)

  test.each<[title: string, body: Program, code: string, text: string, advice: string]>([
    ['ic0.trap', program().trap('no'), 'IC0503', "Canister called `ic0.trap` with message: 'no'", `${handle} ${link}#trapped-explicitly`],
    [
      'ic0.trap of nothing',
      program().trap(''),
      'IC0503',
      "Canister called `ic0.trap` with message: ''",
      `${handle} ${link}#trapped-explicitly`,
    ],
    [
      'a machine trap',
      program().sys('stable64_read', 0, 0, 1),
      'IC0502',
      'Canister trapped: stable memory out of bounds',
      `${handle} ${link}#trapped`,
    ],
    [
      'a second answer',
      program().reply().reply(),
      'IC0504',
      'Canister violated contract: ic0.msg_reply_data_append: the call is already replied.',
      toolchain,
    ],
    [
      'two replies',
      program().reply().sys('msg_reply'),
      'IC0504',
      'Canister violated contract: ic0.msg_reply: the call is already replied',
      toolchain,
    ],
    [
      'a reply and a reject',
      program().reply().reject('r'),
      'IC0504',
      'Canister violated contract: ic0.msg_reject: the call is already replied',
      toolchain,
    ],
    [
      'a system call in the wrong place',
      program().sys('accept_message'),
      'IC0504',
      'Canister violated contract: "ic0_accept_message" cannot be executed in update mode',
      `${contexts} ${link}#calling-a-system-api-from-the-wrong-mode`,
    ],
    [
      'a call that was not begun',
      program().sys('call_perform'),
      'IC0504',
      'Canister violated contract: ic0.call_perform called when no call is under construction.',
      toolchain,
    ],
    [
      'certified data that is too long',
      program().sys('certified_data_set', new Uint8Array(33)),
      'IC0504',
      'Canister violated contract: ic0_certified_data_set failed because the passed data must be no larger than 32 bytes. Found 33 bytes.',
      `Try certifying just the hash of your data instead of the full contents. ${link}#certified_data_set-payload-too-large`,
    ],
    [
      'bytes that are no principal',
      program().sys('is_controller', new Uint8Array(30)),
      'IC0504',
      'Canister provided invalid principal id',
      toolchain,
    ],
    [
      'a reply that is too long',
      program().int(0).int(2_097_153).sys('msg_reply_data_append'),
      'IC0504',
      'Canister violated contract: ic0.msg_reply_data_append: application payload size (2097153) cannot be larger than 2097152.',
      `Consider checking the response size and returning an error if it is too long. ${link}#msg_reply_data_append-payload-too-large`,
    ],
    [
      'a reject that is too long',
      program().int(0).int(2_097_153).sys('msg_reject'),
      'IC0504',
      'Canister violated contract: ic0.msg_reject: application payload size (2097153) cannot be larger than 2097152.',
      `Try truncating the error messages that are too long. ${link}#msg_reject-payload-too-large`,
    ],
    [
      'a counter that does not exist',
      program().sys('performance_counter', 9).op('drop'),
      'IC0504',
      'Canister violated contract: Error getting performance counter type 9',
      '',
    ],
    [
      'a variable that does not exist',
      program().sys('env_var_value_size', 'x').op('drop'),
      'IC0504',
      'Environment variable x not found.',
      '',
    ],
  ])('%s', (_, body, code, text, advice) => {
    const full = advice === '' ? text : `${text}.\n${advice}`
    expect(expectReject(net.update(id, body))).toBe(`${code} Error from Canister ${id.toText()}: ${full}`)
  })

  test('a method that is not there, and no code at all', () => {
    const empty = net.create()
    expect(expectReject(net.call(id, 'nothing', ''))).toBe(
      `IC0536 Error from Canister ${id.toText()}: Canister has no update method 'nothing'..\nCheck that the method being called is exported by the target canister. ${link}#method-not-found`,
    )
    expect(expectReject(net.call(empty, 'nothing', ''))).toBe('IC0537 Requested canister has no wasm module')
    expect(expectReject(net.query(empty, '', 'nothing'))).toBe(
      `IC0537 Error from Canister ${empty.toText()}: Attempted to execute a message, but the canister contains no Wasm module..\nPlease install code to this canister before calling it. ${link}#wasm-module-not-found`,
    )
  })

  test('a callback and its cleanup: no advice, both texts', () => {
    const body = program().callUpdate(id, program().reply(), { onReply: program().trap('one'), onCleanup: program().trap('two') })
    expect(expectReject(net.update(id, body))).toBe(
      `IC0503 Error from Canister ${id.toText()}: Canister called \`ic0.trap\` with message: 'one'\n\ncall_on_cleanup also failed:\n\nCanister called \`ic0.trap\` with message: 'two'`,
    )
  })

  test('a module that is refused', () => {
    const refused = net.create()
    const twice = '(module (func $f) (export "canister_update m" (func $f)) (export "canister_query m" (func $f)))'
    expect(expectReject(net.installInto(refused, assemble(twice)))).toBe(
      `IC0505 Error from Canister ${refused.toText()}: Canister's Wasm module is not valid: Duplicate function 'm' exported multiple times with different call types: update, query, or composite_query..\nTry defining different versions of the function for each call type, e.g. \`m_update\`, \`m_query\`, etc. ${link}#wasm-module-duplicate-exports`,
    )
    const unknown = '(module (import "ic0" "nothing" (func)))'
    expect(expectReject(net.installInto(refused, assemble(unknown)))).toBe(
      `IC0505 Error from Canister ${refused.toText()}: Canister's Wasm module is not valid: Wasm module has an invalid import section. Module imports function 'nothing' from 'ic0' that is not exported by the runtime..\n${toolchain}`,
    )
  })
})

describe('a failed management call', () => {
  test('says what to do', () => {
    const id = net.install(wasm)
    expect(expectReject(net.lifecycle('delete_canister', id))).toBe(
      `IC0510 Canister ${id.toText()} must be stopped before it is deleted.\nStop the canister before deleting it. ${link}#delete-canister-not-stopped`,
    )
    expect(expectReject(net.installInto(id, wasm))).toBe(
      `IC0514 Canister ${id.toText()} cannot be installed because the canister is not empty. Try installing with mode='reinstall' instead.\nCheck that you want to overwrite the canister and, if so, use mode='reinstall'. ${link}#canister-not-empty`,
    )
  })

  test('snapshots, too, with links as short as the network makes them', () => {
    const id = net.install(wasm)
    const effectiveCanisterId = id
    const arg = { canister_id: candid(id), replace_snapshot: [], uninstall_code: [], sender_canister_version: [] }
    const take = (replaced: Uint8Array[] = []) =>
      net.managing('take_canister_snapshot', { ...arg, replace_snapshot: replaced }, { effectiveCanisterId })
    for (let i = 0; i < 10; i++) expectReply(take())
    expect(expectReject(take())).toBe(
      `IC0406 Canister ${id.toText()} has reached the maximum number of snapshots allowed: 10.\nConsider deleting an unnecessary snapshot of the specified canister before creating a new one. See documentation: canister-snapshot-limit-exceeded`,
    )
    const missing = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 99, ...id.bytes)
    expect(expectReject(take([missing]))).toBe(
      `IC0305 Could not find the snapshot ID ${id.toText()}-99 for canister ${id.toText()}.\nUse the \`list_canister_snapshot\` API to see which snapshots are present. ${link}#canister-snapshot-not-found`,
    )
    expect(expectReject(take([Uint8Array.of(4, 5, 6, 6)]))).toBe(
      'IC0408 Failed to parse payload for ic00 method take_canister_snapshot: IC0408: Error decoding candid: Deserialize error: Invalid length of SnapshotId: Invalid snapshot ID length: provided 4, minumum length expected 37.',
    )
  })

  test('a canister without the right is told who has it', () => {
    const [id, other] = [net.install(wasm), net.install(wasm)]
    const arg = encodeManagement('start_canister', { canister_id: candid(other) })
    const onReject = program().read('msg_reject_msg').replyTop()
    const [controller] = net.canister(other).settings.controllers
    const { text } = expectReply(net.update(id, program().call(managementCanisterId, 'start_canister', arg, { onReject }).op('drop')))
    expect(text).toBe(
      `Only the controllers of the canister ${other.toText()} can control it.\nCanister's controllers: ${controller?.toText()}\nSender's ID: ${id.toText()}\nExecute this call from a controller of the target canister or add the current caller as a controller. ${link}#invalid-controller`,
    )
  })
})

describe('where a canister failed', () => {
  /** Methods that fail below two functions, the last of them in a call on stable memory. */
  const source = `(module
    (import "ic0" "trap" (func $ic0_trap (param i32 i32)))
    (import "ic0" "stable64_write" (func $stable64_write (param i64 i64 i64)))
    (memory 1)
    (data (i32.const 0) "uh oh")
    (func $_ZN3app4work17h0123456789abcdefE (param $how i32)
      (if (i32.eq (local.get $how) (i32.const 0)) (then unreachable))
      (if (i32.eq (local.get $how) (i32.const 1)) (then (call $ic0_trap (i32.const 0) (i32.const 5))))
      (call $stable64_write (i64.const 0) (i64.const 0) (i64.const 1)))
    (func $run (param $how i32) (call $_ZN3app4work17h0123456789abcdefE (local.get $how)))
    (func $machine (export "canister_update machine") (call $run (i32.const 0)))
    (func $explicit (export "canister_update explicit") (call $run (i32.const 1)))
    (func $stable (export "canister_update stable") (call $run (i32.const 2)))
    (func $query (export "canister_query query") (call $run (i32.const 0))))`
  const named = assemble(source, { names: true })
  const frames = (method: string, first = '') => `\nCanister Backtrace:\n${first}app::work\nrun\n${method}\n`

  test.each([
    ['machine', 'IC0502', 'Canister trapped: unreachable', '[TRAP]: unreachable', '', 'trapped'],
    ['explicit', 'IC0503', "Canister called `ic0.trap` with message: 'uh oh'", '[TRAP]: uh oh', '', 'trapped-explicitly'],
    [
      'stable',
      'IC0502',
      'Canister trapped: stable memory out of bounds',
      '[TRAP]: stable memory out of bounds',
      'stable64_write\n',
      'trapped',
    ],
  ])('%s: a controller is told, and so is the log', (method, code, text, log, first, anchor) => {
    const id = net.install(named)
    expect(expectReject(net.call(id, method, ''))).toBe(
      `${code} Error from Canister ${id.toText()}: ${text}${frames(method, first)}.\n${handle} ${link}#${anchor}`,
    )
    expect(net.log(id)).toEqual([`${log}${frames(method, first)}`])
  })

  test('twenty functions are told, the innermost first', () => {
    const deep = `(module (func $down (param i32)
        (if (i32.eqz (local.get 0)) (then unreachable)) (call $down (i32.sub (local.get 0) (i32.const 1))))
      (func $shallow (export "canister_update shallow") (call $down (i32.const 18)))
      (func $steep (export "canister_update steep") (call $down (i32.const 19))))`
    const id = net.install(assemble(deep, { names: true }))
    const functions = (method: string) => /Backtrace:\n([\s\S]*)\n\./.exec(expectReject(net.call(id, method, '')))?.[1]?.split('\n')
    expect(functions('shallow')).toEqual([...Array.from({ length: 19 }, () => 'down'), 'shallow'])
    expect(functions('steep')).toEqual(Array.from({ length: 20 }, () => 'down'))
    expect(net.log(id).at(-1)).toBe(`[TRAP]: unreachable\nCanister Backtrace:\n${'down\n'.repeat(20)}`)
  })

  test.each([
    ['controllers', { controllers: null }, false],
    ['allowed viewers, and this is one', { allowed_viewers: [candid(otherUser)] }, true],
    ['allowed viewers, and this is none', { allowed_viewers: [] }, false],
    ['everybody', { public: null }, true],
  ])('others are told if they may read the log: %s', (_, log_visibility, isTold) => {
    const id = net.install(named, '', { settings: { log_visibility } })
    const told = [net.call(id, 'machine', '', { sender: otherUser }), net.query(id, '', 'query', { sender: otherUser })].map(expectReject)
    for (const text of told) expect(text.includes('Canister Backtrace:')).toBe(isTold)
    expect(net.log(id)).toEqual([`[TRAP]: unreachable${frames('machine')}`])
  })

  test('a canister that calls is told like anybody else', () => {
    const caller = net.install(wasm)
    const onReject = program().read('msg_reject_msg').replyTop()
    const tell = (settings: object) => {
      const id = net.install(named, '', { settings })
      return expectReply(net.update(caller, program().call(id, 'machine', program(), { onReject }))).text
    }
    expect(tell({ controllers: [user, caller] })).toContain('Canister Backtrace:\napp::work\n')
    expect(tell({})).toMatch(/^IC0502: Error from Canister \S+: Canister trapped: unreachable\.\n/)
  })

  test('a module without names has no backtrace', () => {
    const id = net.install(assemble(source))
    expect(expectReject(net.call(id, 'machine', ''))).not.toContain('Backtrace')
    expect(net.log(id)).toEqual(['[TRAP]: unreachable'])
  })
})
