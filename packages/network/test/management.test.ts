/** Calls of the management canister that concern another subnet. */
import { describe, expect, test } from 'vitest'
import { Principal, managementCanisterId } from '@tidemark/types'
import { candid, decodeManagement, encodeManagement, expectReply, numberOf, type Program, program } from '../../../tests/support/index.ts'
import { createNetwork } from '../src/index.ts'
import { passOn, subnetsOf, TestSubnets } from './support/subnets.ts'

const manage = (method: string, arg: unknown[], cycles = 0n, receiver = managementCanisterId): Program =>
  program()
    .call(receiver, method, encodeManagement(method, ...arg), { ...passOn, cycles })
    .op('drop')

const told = (net: TestSubnets, caller: Principal, body: Program): string => expectReply(net.update(caller, body)).text

function created(net: TestSubnets, caller: Principal, body: Program): Principal {
  const { canister_id } = decodeManagement('create_canister', expectReply(net.update(caller, body)).bytes) as {
    canister_id: { toUint8Array(): Uint8Array }
  }
  return Principal.fromBytes(canister_id.toUint8Array())
}

const noSettings = [{ settings: [], sender_canister_version: [] }]

describe('creating a canister', () => {
  test('happens on the subnet of the caller', () => {
    const net = subnetsOf(['nns', 'application'])
    const caller = net.installOn('application')
    const id = created(net, caller, manage('create_canister', noSettings, 10n ** 12n))
    expect(net.replica.hostOf(id)?.kind).toBe('application')
  })

  test('happens on another subnet for canisters of the root subnet that name it', () => {
    const net = subnetsOf(['nns', 'application'])
    const caller = net.installOn('nns')
    const subnet = net.replica.subnets()[1]?.id as Principal
    const id = created(net, caller, manage('create_canister', noSettings, 10n ** 12n, subnet))
    expect(net.replica.hostOf(id)?.kind).toBe('application')
    expect(net.canister(id).settings.controllers).toEqual([caller])
    // Prices are those of the subnet that creates.
    expect(net.balance(id)).toBe(500_000_000_000n)
  })

  test('is refused to canisters of other subnets, and the cycles come back', () => {
    const net = subnetsOf(['nns', 'application', 'application'])
    const caller = net.installOn(1)
    const before = net.balance(caller)
    const home = net.replica.subnets()[1]?.id.toText()
    const body = manage('create_canister', noSettings, 10n ** 12n, net.replica.subnets()[2]?.id)
    expect(told(net, caller, body)).toBe(`Incorrect sender subnet id: ${home}. Sender should be on the same subnet or on the NNS subnet.`)
    expect(before - net.balance(caller)).toBeLessThan(1_000_000_000n)
  })
})

describe('calls about a canister of another subnet', () => {
  test('go to its subnet: settings, status, cycles', () => {
    const net = subnetsOf(['application', 'application'])
    const caller = net.installOn(0)
    const target = net.create({
      settings: { controllers: [caller] },
      effectiveCanisterId: net.replica.subnets()[1]?.replica.defaultEffectiveCanisterId as Principal,
    })
    const before = net.balance(target)
    expect(told(net, caller, manage('deposit_cycles', [{ canister_id: candid(target) }], 5_000_000n))).toBe(encoded('deposit_cycles'))
    expect(net.balance(target)).toBe(before + 5_000_000n)
    expect(told(net, caller, manage('stop_canister', [{ canister_id: candid(target) }]))).toBe(encoded('stop_canister'))
    expect(net.canister(target).status.kind).toBe('stopped')
    const status = expectReply(net.update(caller, manage('canister_status', [{ canister_id: candid(target) }]))).bytes
    expect(decodeManagement('canister_status', status)).toMatchObject({ status: { stopped: null } })
    expect(net.replica.cyclesLedger().inFlight).toBe(0n)
  })

  test('are refused there to those who do not control it', () => {
    const net = subnetsOf(['application', 'application'])
    const caller = net.installOn(0)
    const target = net.installOn(1)
    expect(told(net, caller, manage('stop_canister', [{ canister_id: candid(target) }]))).toContain('Only the controllers of the canister')
  })
})

describe('randomness', () => {
  test('comes from the subnet of the caller', () => {
    const net = subnetsOf(['application', 'application'])
    expect(expectReply(net.update(net.installOn(0), manage('raw_rand', []))).bytes.length).toBeGreaterThan(32)
  })

  test('of another subnet is refused', () => {
    const net = subnetsOf(['nns', 'application', 'application'])
    const body = manage('raw_rand', [], 0n, net.replica.subnets()[2]?.id)
    expect(told(net, net.installOn(1), body)).toContain('Incorrect sender subnet id')
  })
})

describe('keys', () => {
  const keyId = { curve: { secp256k1: null }, name: 'key_1' }
  const publicKey = [{ canister_id: [], derivation_path: [], key_id: keyId }]

  test('are those of a subnet that holds them, whichever that is', () => {
    const keyOn = (kinds: Parameters<typeof subnetsOf>[0]): Uint8Array => {
      const net = subnetsOf(kinds)
      const reply = expectReply(net.update(net.installOn('application'), manage('ecdsa_public_key', publicKey))).bytes
      return (decodeManagement('ecdsa_public_key', reply) as { public_key: Uint8Array }).public_key
    }
    // The place of the application subnet decides its canister ids, and these the derived keys.
    expect(keyOn(['ii', 'application'])).toEqual(keyOn(['fiduciary', 'application']))
  })

  test('sign across subnets, for the fee of the subnet that signs', () => {
    const net = subnetsOf(['fiduciary', 'application'])
    const caller = net.installOn('application')
    const arg = [{ message_hash: new Uint8Array(32), derivation_path: [], key_id: keyId }]
    const reply = expectReply(net.update(caller, manage('sign_with_ecdsa', arg, 30_000_000_000n))).bytes
    expect((decodeManagement('sign_with_ecdsa', reply) as { signature: Uint8Array }).signature.length).toBe(64)
    expect(told(net, caller, manage('sign_with_ecdsa', arg, 1n))).toContain('sign_with_ecdsa request sent with 1 cycles')
  })

  test('that nobody holds are told by name', () => {
    const net = subnetsOf(['application', 'application'])
    expect(told(net, net.installOn(0), manage('ecdsa_public_key', publicKey))).toBe(
      'Unable to route management canister request ecdsa_public_key: ChainKeyError("Requested unknown threshold key: ecdsa:Secp256k1:key_1, existing keys: []")',
    )
  })
})

describe('calls that go nowhere come back from the subnet of the caller', () => {
  const codeAndText = program().sys('msg_reject_code').op('int_to_blob').read('msg_reject_msg').op('concat').replyTop()
  const nowhere = Principal.canister(1n << 40n)
  const noSubnet = Principal.selfAuthenticating(new Uint8Array(28))
  const garbage = new Uint8Array([1, 2, 3])
  const route = (method: string, reason: string) => `Unable to route management canister request ${method}: ${reason}`
  const undecodable = (method: string) => {
    return new RegExp(
      `^${route(method, 'UserError\\(UserError { code: InvalidManagementPayload, description: "Error decoding candid: .*" }\\)')}$`,
    )
  }
  const cases: [title: string, method: string, arg: Uint8Array, text: string | RegExp][] = [
    ['a method that there is not', 'unknown', new Uint8Array(), route('unknown', 'MethodNotFound("unknown")')],
    ['an argument that is none', 'install_code', garbage, undecodable('install_code')],
    ['an argument that is none, about a key', 'ecdsa_public_key', garbage, undecodable('ecdsa_public_key')],
    [
      'a canister on no subnet',
      'stop_canister',
      encodeManagement('stop_canister', { canister_id: candid(nowhere) }),
      route('stop_canister', `SubnetNotFound(CanisterId(${nowhere.toText()}), DepositCycles)`),
    ],
    [
      'code for a canister on no subnet',
      'uninstall_code',
      encodeManagement('uninstall_code', { canister_id: candid(nowhere), sender_canister_version: [] }),
      route('uninstall_code', `SubnetNotFound(CanisterId(${nowhere.toText()}), UninstallCode)`),
    ],
    [
      'a subnet that there is not',
      'subnet_info',
      encodeManagement('subnet_info', { subnet_id: candid(noSubnet) }),
      `No route to canister ${noSubnet.toText()}`,
    ],
  ]
  test.each(cases)('%s', (_title, method, arg, text) => {
    const net = subnetsOf(['nns', 'application'])
    const caller = net.installOn('application')
    const before = net.balance(caller)
    const body = program()
      .call(managementCanisterId, method, arg, { onReject: codeAndText, cycles: 10n ** 12n })
      .op('drop')
    const { bytes } = expectReply(net.update(caller, body))
    expect(numberOf(bytes.slice(0, 8))).toBe(3n)
    expect(Buffer.from(bytes.slice(8)).toString()).toEqual(typeof text === 'string' ? text : expect.stringMatching(text))
    expect(before - net.balance(caller)).toBeLessThan(1_000_000_000n)
  })
})

describe('admins of a subnet', () => {
  const admin = Principal.selfAuthenticating(new Uint8Array(28).fill(1))
  const withAdmins = (costSchedule: 'free' | 'normal') =>
    new TestSubnets(createNetwork({ subnets: [{ kind: 'application', costSchedule, subnetAdmins: [admin] }] }))

  test('stop canisters of others where nothing costs anything', () => {
    const net = withAdmins('free')
    const id = net.installOn(0)
    expectReply(net.managing('stop_canister', { canister_id: candid(id) }, { sender: admin, effectiveCanisterId: id }))
    expect(net.canister(id).status.kind).toBe('stopped')
    expect(net.replica.subnets()[0]?.subnetAdmins).toEqual([admin])
  })

  test('are nobody elsewhere', () => {
    const net = withAdmins('normal')
    const id = net.installOn(0)
    expect(net.managing('stop_canister', { canister_id: candid(id) }, { sender: admin, effectiveCanisterId: id })).toMatchObject({
      reject: { errorCode: 'CanisterInvalidController' },
    })
  })
})

test('the history of another subnet comes from there', () => {
  const net = subnetsOf(['application', 'fiduciary'])
  const caller = net.installOn(0)
  const arg = [{ subnet_id: candid(net.replica.subnets()[1]?.id as Principal), start_at_timestamp_nanos: 0n }]
  const reply = expectReply(net.update(caller, manage('node_metrics_history', arg))).bytes
  expect((decodeManagement('node_metrics_history', reply) as { node_metrics: unknown[] }[])[0]?.node_metrics).toHaveLength(34)
})

function encoded(method: string): string {
  return method === '' ? '' : 'DIDL\0\0'
}
