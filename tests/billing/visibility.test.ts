/**
 * Who may look at a canister: every visibility setting, by every kind of message that asks, for everyone who may ask.
 *
 * @see Interface specification, `canister_status`, `list_canister_snapshots`, `fetch_canister_logs`.
 */
import { type Principal, errorCodeText, managementCanisterId } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import {
  type TestNetwork,
  candid,
  encodeManagement,
  network,
  otherUser,
  program,
  settingsRecord,
  universalCanister,
  user,
} from '../support/index.ts'

const wasm = universalCanister()
const settings = ['status_visibility', 'snapshot_visibility', 'log_visibility'] as const
type Setting = (typeof settings)[number]
type Kind = 'update' | 'query' | 'call'

/** How what a setting guards can be asked for, and with which code it is refused. */
const ways: readonly [setting: Setting, method: string, kind: Kind, refusal: string][] = [
  ['status_visibility', 'canister_status', 'update', 'IC0542'],
  ['status_visibility', 'canister_status', 'query', 'IC0542'],
  ['status_visibility', 'canister_status', 'call', 'IC0542'],
  ['snapshot_visibility', 'list_canister_snapshots', 'update', 'IC0406'],
  ['snapshot_visibility', 'list_canister_snapshots', 'call', 'IC0406'],
  ['log_visibility', 'fetch_canister_logs', 'query', 'IC0406'],
  ['log_visibility', 'fetch_canister_logs', 'call', 'IC0406'],
]

/** Asks for it. @returns `shown`, or the code of the refusal */
function ask(net: TestNetwork, asked: Principal, method: string, kind: Kind, asker: Principal): string {
  const arg = encodeManagement(method, { canister_id: candid(asked), filter: [] })
  const target = { sender: asker, effectiveCanisterId: asked }
  if (kind === 'query') {
    const answer = net.replica.query({ ...target, canisterId: managementCanisterId, methodName: method, arg })
    return answer.status === 'replied' ? 'shown' : errorCodeText(answer.reject.errorCode)
  }
  if (kind === 'update') {
    const outcome = net.call(managementCanisterId, method, arg, target)
    return outcome.kind === 'reply' ? 'shown' : errorCodeText(outcome.reject.errorCode)
  }
  // A canister sees no codes: those of which it is told nothing are all rejects of the same kind.
  const onReject = program().read('msg_reject_msg').replyTop()
  const call = program().call(managementCanisterId, method, arg, { cycles: 10n ** 12n, onReply: program().reply('shown'), onReject })
  const outcome = net.update(asker, call.op('drop'))
  if (outcome.kind === 'reject') throw new Error(outcome.reject.message)
  return outcome.text === 'shown' ? 'shown' : 'refused'
}

describe.each(ways)('%s: %s by %s', (setting, method, kind, refusal) => {
  const setUp = (visibility: (viewer: Principal) => object) => {
    const net = network()
    const asked = net.install(wasm)
    const [viewer, stranger] = kind === 'call' ? [net.install(wasm), net.install(wasm)] : [otherUser, net.create()]
    const changed = { ...settingsRecord({}), [setting]: [visibility(viewer)] }
    net.manage(
      'update_settings',
      { canister_id: candid(asked), settings: changed, sender_canister_version: [] },
      { effectiveCanisterId: asked },
    )
    const answers = [viewer, stranger].map((asker) => ask(net, asked, method, kind, asker))
    return kind === 'call' ? answers : [...answers, ask(net, asked, method, kind, user)]
  }
  const refused = kind === 'call' ? 'refused' : refusal
  const controller = kind === 'call' ? [] : ['shown']

  test('for controllers only', () => {
    expect(setUp(() => ({ controllers: null }))).toEqual([refused, refused, ...controller])
  })
  test('for everybody', () => {
    expect(setUp(() => ({ public: null }))).toEqual(['shown', 'shown', ...controller])
  })
  test('for viewers, and controllers all the same', () => {
    expect(setUp((viewer) => ({ allowed_viewers: [candid(viewer)] }))).toEqual(['shown', refused, ...controller])
  })
})
