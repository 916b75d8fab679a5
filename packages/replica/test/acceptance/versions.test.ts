/**
 * The number of a canister's version in every context, and what raises it: case by case what the public acceptance suite of
 * the interface specification expects.
 *
 * @see Interface specification, "Canister version".
 */
import type { Principal } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import {
  type Program,
  type TestNetwork,
  expectNumber,
  expectReject,
  expectReply,
  network,
  otherUser,
  program,
  universalCanister,
} from '../../../../tests/support/index.ts'

const wasm = universalCanister({ exports: ['heartbeat', 'global_timer', 'pre_upgrade'] })
const noCode = new Uint8Array(0)
const invalid = (net: TestNetwork, id: Principal, mode: unknown) => expectReject(net.installInto(id, noCode, '', mode))

/** Keeps the version in the state. */
const keep = () => program().sys('canister_version').op('int_to_blob').op('set_state')
const answer = () => program().sys('canister_version').replyInt()
/** A heartbeat that fails leaves no trace in the version. */
const quiet = () => program().on('heartbeat', program().trap('quiet'))

const now = (net: TestNetwork, id: Principal) => expectNumber(net.query(id, answer()))
const kept = (net: TestNetwork, id: Principal) => expectNumber(net.query(id, program().replyState()))

interface Case {
  readonly init?: Program
  /** What happens; gives the version that it sees, where it sees one. */
  run(net: TestNetwork, id: Principal, other: Principal): bigint | undefined | void
  readonly seen?: bigint
  readonly after: bigint
}

const cases: Readonly<Record<string, Case>> = {
  'a query': { run: now, seen: 1n, after: 1n },
  'a replicated query': { run: (net, id) => expectNumber(net.call(id, 'query', answer())), seen: 1n, after: 2n },
  'an update': { run: (net, id) => expectNumber(net.update(id, answer())), seen: 1n, after: 2n },
  'an installation': { init: keep(), run: kept, seen: 1n, after: 1n },
  'a reinstallation': {
    run: (net, id) => {
      expectReply(net.installInto(id, wasm, quiet().then(keep()), { reinstall: null }))
      return kept(net, id)
    },
    seen: 2n,
    after: 2n,
  },
  'a pre-upgrade': {
    init: program()
      .sys('stable64_grow', 1)
      .op('drop')
      .on('pre_upgrade', program().int(0).sys('canister_version').op('int_to_blob').sys('stable64_write')),
    run: (net, id) => {
      expectReply(net.upgrade(id, wasm, quiet()))
      return expectNumber(net.query(id, program().int(8).op('alloc').op('dup2').int(0).op('swap').sys('stable64_read').replyTop()))
    },
    seen: 1n,
    after: 2n,
  },
  'a post-upgrade': {
    run: (net, id) => {
      expectReply(net.upgrade(id, wasm, quiet().then(keep())))
      return kept(net, id)
    },
    seen: 2n,
    after: 2n,
  },
  'a heartbeat': {
    init: program().on('heartbeat', keep().then(program().on('heartbeat', program().trap('quiet')))),
    run: (net, id) => {
      net.tick()
      return kept(net, id)
    },
    seen: 1n,
    after: 2n,
  },
  'a global timer': {
    init: program().on('global_timer', keep()).sys('global_timer_set', 1).op('drop'),
    run: (net, id) => {
      net.tick()
      return kept(net, id)
    },
    seen: 1n,
    after: 2n,
  },
  'a reply callback': {
    run: (net, id, other) =>
      expectNumber(net.update(id, program().callUpdate(other, program().reply(), { onReply: answer(), onReject: program().trap('no') }))),
    seen: 2n,
    after: 3n,
  },
  'a reject callback': {
    run: (net, id, other) =>
      expectNumber(
        net.update(id, program().callUpdate(other, program().trap('no'), { onReject: answer(), onReply: program().trap('no') })),
      ),
    seen: 2n,
    after: 3n,
  },
  'a cleanup': {
    run: (net, id, other) => {
      expectReject(net.update(id, program().callUpdate(other, program().reply(), { onReply: program().trap('no'), onCleanup: keep() })))
      return kept(net, id)
    },
    seen: 2n,
    after: 3n,
  },
  'an uninstallation and an installation': {
    run: (net, id) => {
      expectReply(net.lifecycle('uninstall_code', id))
      expectReply(net.installInto(id, wasm, quiet()))
    },
    after: 3n,
  },
  'a change of controllers': { run: (net, id) => void expectReply(net.updateSettings(id, { controllers: [otherUser] })), after: 2n },
  'a change of the freezing threshold': {
    run: (net, id) => void expectReply(net.updateSettings(id, { freezing_threshold: 2n ** 20n })),
    after: 2n,
  },
  'a failed query': { run: (net, id) => void expectReject(net.query(id, program().trap('no'))), after: 1n },
  'a failed replicated query': { run: (net, id) => void expectReject(net.call(id, 'query', program().trap('no'))), after: 1n },
  'a failed update': { run: (net, id) => void expectReject(net.update(id, program().trap('no'))), after: 1n },
  'a failed installation': { run: (net, id) => void invalid(net, id, { install: null }), after: 1n },
  'a failed reinstallation': { run: (net, id) => void invalid(net, id, { reinstall: null }), after: 1n },
  'a failed init of a reinstallation': {
    run: (net, id) => void expectReject(net.installInto(id, wasm, program().trap('no'), { reinstall: null })),
    after: 1n,
  },
  'a failed upgrade': { run: (net, id) => void invalid(net, id, { upgrade: [] }), after: 1n },
  'a failed pre-upgrade': {
    init: program().on('pre_upgrade', program().trap('no')),
    run: (net, id) => void expectReject(net.upgrade(id, wasm, quiet())),
    after: 1n,
  },
  'a failed post-upgrade': { run: (net, id) => void expectReject(net.upgrade(id, wasm, program().trap('no'))), after: 1n },
  'failed heartbeats between two updates': {
    run: (net, id) => {
      expectReply(net.update(id, program().reply()))
      net.tick(2)
      expectReply(net.update(id, program().reply()))
    },
    after: 3n,
  },
  'a failed global timer before an update': {
    init: program().on('global_timer', program().trap('no')).sys('global_timer_set', 1).op('drop'),
    run: (net, id) => {
      net.tick()
      expectReply(net.update(id, program().reply()))
    },
    after: 2n,
  },
  'a failed reply callback': {
    run: (net, id, other) =>
      void expectReject(net.update(id, program().callUpdate(other, program().reply(), { onReply: program().trap('no') }))),
    after: 2n,
  },
  'a failed reject callback': {
    run: (net, id, other) =>
      void expectReject(net.update(id, program().callUpdate(other, program().trap('no'), { onReject: program().trap('no') }))),
    after: 2n,
  },
  'a failed cleanup': {
    run: (net, id, other) =>
      void expectReject(
        net.update(id, program().callUpdate(other, program().reply(), { onReply: program().trap('no'), onCleanup: program().trap('no') })),
      ),
    after: 2n,
  },
  'a failed uninstallation': {
    run: (net, id) => void expectReject(net.lifecycle('uninstall_code', id, { sender: otherUser })),
    after: 1n,
  },
  'a failed change of settings': {
    run: (net, id) => void expectReject(net.updateSettings(id, { freezing_threshold: 2n ** 70n })),
    after: 1n,
  },
  'a top-up': { run: (net, id) => net.topUp(id, 1n), after: 1n },
  'a stop and a start': {
    run: (net, id) => {
      expectReply(net.lifecycle('stop_canister', id))
      expectReply(net.lifecycle('start_canister', id))
    },
    // Running to stopping, stopping to stopped, stopped to running.
    after: 4n,
  },
}

describe('the version', () => {
  test.each(Object.entries(cases))('%s', (_, { init = program(), run, seen, after }) => {
    const net = network()
    const id = net.install(wasm, quiet().then(init))
    const observed = run(net, id, net.install(universalCanister())) ?? undefined
    expect([observed, now(net, id)]).toEqual([seen, after])
  })

  test('an installation that failed at first counts from the one that did not', () => {
    const net = network()
    const id = net.create()
    expect(net.canister(id).version).toBe(0n)
    expectReject(net.installInto(id, wasm, program().trap('no')))
    expectReply(net.installInto(id, wasm, quiet()))
    expect(now(net, id)).toBe(1n)
  })
})
