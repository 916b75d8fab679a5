/** Which subnets there are, which ids they host, and who vouches for them. */
import { describe, expect, test } from 'vitest'
import { canisterRangesIn, lookup, lookupSubtree, rangesContain, text, verifyCertificate } from '@tidemark/certification'
import { Principal, type RangesForm, anonymousPrincipal, managementCanisterId } from '@tidemark/types'
import { createNetwork, type SubnetKind } from '../src/index.ts'
import { candid, expectReply, program, universalCanister } from '../../../tests/support/index.ts'
import { subnetsOf } from './support/subnets.ts'

const everyKind: readonly SubnetKind[] = ['nns', 'sns', 'ii', 'fiduciary', 'bitcoin', 'system', 'application', 'verified_application']

describe('ids of canisters', () => {
  test.each([
    ['rwlgt-iiaaa-aaaaa-aaaaa-cai', 'nns'],
    ['ryjl3-tyaaa-aaaaa-aaaba-cai', 'nns'],
    ['qoctq-giaaa-aaaaa-aaaea-cai', 'nns'],
    ['rdmx6-jaaaa-aaaaa-aaadq-cai', 'ii'],
    ['um5iw-rqaaa-aaaaq-qaaba-cai', 'ii'],
    ['g4xu7-jiaaa-aaaan-aaaaq-cai', 'bitcoin'],
    ['mxzaz-hqaaa-aaaar-qaada-cai', 'fiduciary'],
    ['lxzze-o7777-77777-aaaaa-cai', 'nns'],
  ])('of the public network are where they are there: %s on %s', (id, kind) => {
    expect(subnetsOf(everyKind).replica.hostOf(Principal.fromText(id))?.kind).toBe(kind)
  })

  test('that one application subnet hands out begin with the well-known one', () => {
    expect(subnetsOf(['application']).create().toText()).toBe('lxzze-o7777-77777-aaaaa-cai')
  })

  test('can be chosen among those of the public network, but not among those that are handed out', () => {
    const net = subnetsOf(['nns', 'application'])
    const create = (id: Principal) =>
      net.managing(
        'provisional_create_canister_with_cycles',
        { amount: [], settings: [], specified_id: [candid(id)], sender_canister_version: [] },
        { effectiveCanisterId: id },
      )
    const ledger = Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai')
    expect(create(ledger).kind).toBe('reply')
    expect(net.replica.canister(ledger)?.id.toText()).toBe(ledger.toText())
    expect(create(net.replica.subnets()[1]?.replica.defaultEffectiveCanisterId as Principal)).toMatchObject({
      reject: { errorCode: 'InvalidManagementPayload' },
    })
  })

  test('of the public network get their subnet when it is added', () => {
    const net = subnetsOf(['application'])
    const inBitcoin = Principal.fromText('g4xu7-jiaaa-aaaan-aaaaq-cai')
    expect(net.replica.addMainnetSubnet(inBitcoin).kind).toBe('bitcoin')
    expect(net.replica.addMainnetSubnet(Principal.canister(123_456_789n)).kind).toBe('application')
    expect(() => net.replica.addMainnetSubnet(inBitcoin)).toThrow('is hosted already')
    expect(() => net.replica.addMainnetSubnet(Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai'))).toThrow('from the start')
    expect(() => net.replica.addMainnetSubnet(Principal.canister(1n << 40n))).toThrow('no canister id of the public network')
    const far = net.install(universalCanister(), '', { effectiveCanisterId: inBitcoin })
    expect(net.replica.hostOf(far)?.kind).toBe('bitcoin')
  })
})

describe('a network', () => {
  test('has at least one subnet, and one of each kind that has a name', () => {
    expect(() => createNetwork({ subnets: [] })).toThrow('at least one subnet')
    expect(() => subnetsOf(['nns', 'nns'])).toThrow('one nns subnet at most')
    expect(() => subnetsOf(['application'], { latencyRounds: 0 })).toThrow('latencyRounds')
  })

  test('puts canisters on the first application subnet when nobody says where', () => {
    const kindOf = (kinds: readonly SubnetKind[]) => subnetsOf(kinds).replica.defaultSubnet.kind
    expect(kindOf(everyKind)).toBe('application')
    expect(kindOf(['nns', 'system', 'verified_application'])).toBe('verified_application')
    expect(kindOf(['nns', 'system'])).toBe('system')
    expect(kindOf(['sns', 'nns'])).toBe('sns')
  })

  test('charges by the size of each subnet, and nothing on system subnets', () => {
    const net = subnetsOf(['application', 'fiduciary', 'system'])
    const costs = [0, 1, 2].map((place) => {
      const id = net.installOn(place)
      const before = net.balance(id)
      net.update(id, program().reply())
      return before - net.balance(id)
    })
    const [small, large, none] = costs as [bigint, bigint, bigint]
    expect(none).toBe(0n)
    expect(Number(large) / Number(small)).toBeCloseTo(34 / 13, 4)
  })

  test('is alike every time, and different with another seed', () => {
    const ids = (seed: number) =>
      subnetsOf(everyKind, { seed: new Uint8Array(32).fill(seed) })
        .replica.subnets()
        .map(({ id }) => id.toText())
    expect(ids(1)).toEqual(ids(1))
    expect(new Set([...ids(1), ...ids(2)]).size).toBe(2 * everyKind.length)
  })
})

describe('certificates', () => {
  test('of the root subnet stand for themselves; others come with a delegation', () => {
    const net = subnetsOf(['application', 'nns', 'fiduciary'])
    const { rootKey, root } = net.replica
    expect(root.kind).toBe('nns')
    for (const kind of ['nns', 'application', 'fiduciary'] as const) {
      const id = net.installOn(kind)
      const subnet = net.replica.hostOf(id)
      const certificate = net.replica.subnetFor(id)?.certificate([[text('canister'), id.bytes, text('controllers')]]) as Uint8Array
      const verified = verifyCertificate({ certificate, rootKey, scope: kind === 'nns' ? { subnetId: root.id } : { canisterId: id } })
      expect(verified.subnetId.toText()).toBe(subnet?.id.toText())
      expect(verified.delegationTree === undefined).toBe(kind === 'nns')
    }
  })

  test('of a subnet do not speak for canisters of another', () => {
    const net = subnetsOf(['nns', 'application', 'application'])
    const [here, there] = [net.installOn(1), net.installOn(2)]
    const certificate = net.replica.subnetFor(here)?.certificate([]) as Uint8Array
    const { rootKey } = net.replica
    expect(() => verifyCertificate({ certificate, rootKey, scope: { canisterId: there } })).toThrow('may not speak')
  })

  test('show every subnet and its ids in each state tree', () => {
    const net = subnetsOf(['nns', 'application', 'system'])
    const { tree } = verifyCertificate({
      certificate: net.replica.subnets()[2]?.replica.certificate([[text('subnet')], [text('canister_ranges')]]) as Uint8Array,
      rootKey: net.replica.rootKey,
    })
    for (const { id, replica } of net.replica.subnets()) {
      expect(rangesContain(canisterRangesIn(tree, id), replica.defaultEffectiveCanisterId)).toBe(true)
    }
  })

  describe('in the form of an endpoint', () => {
    const net = subnetsOf(['nns', 'application', 'system'])
    const here = net.installOn('application')
    const [root, own, other] = ['nns', 'application', 'system'].map(
      (kind) => net.replica.subnets().find((subnet) => subnet.kind === kind)?.id,
    )
    const subnet = (id: Principal | undefined, field: string) => [text('subnet'), id?.bytes ?? text(''), text(field)]
    const certified = (paths: Uint8Array[][], form?: RangesForm) => {
      const certificate = net.replica.subnetFor(here)?.certificate(paths, form) as Uint8Array
      return verifyCertificate({ certificate, rootKey: net.replica.rootKey })
    }

    test.each<[RangesForm | undefined, string, string]>([
      ['list', 'found', 'unknown'],
      ['parts', 'unknown', 'found'],
      ['none', 'unknown', 'unknown'],
      [undefined, 'found', 'found'],
    ])('%s: the delegation shows the list: %s, the parts: %s', (form, list, parts) => {
      const { delegationTree } = certified([], form)
      const tree = delegationTree ?? expect.fail('no delegation')
      expect(lookup(subnet(own, 'canister_ranges'), tree).status).toBe(list)
      expect(lookupSubtree([text('canister_ranges'), own?.bytes ?? text('')], tree).status).toBe(parts)
      expect(lookup(subnet(own, 'public_key'), tree).status).toBe('found')
      expect(lookup(subnet(own, 'type'), tree).status).toBe('unknown')
    })

    test.each<[string, () => Uint8Array[][]]>([
      ['all subnets', () => [[text('subnet')]]],
      ['each subnet', () => [root, own, other].map((id) => [text('subnet'), id?.bytes ?? text('')])],
    ])('%s: whole on the older endpoints, without lists but the one of the root on the newer', (_, paths) => {
      for (const form of ['list', 'parts', 'none'] as const) {
        const { tree } = certified(paths(), form)
        const lists = [root, own, other].map((id) => lookup(subnet(id, 'canister_ranges'), tree).status)
        expect(lists).toEqual(form === 'list' ? ['found', 'found', 'found'] : ['found', 'unknown', 'unknown'])
        for (const id of [root, own, other]) {
          for (const field of ['public_key', 'type']) expect(lookup(subnet(id, field), tree).status, field).toBe('found')
        }
        expect(lookup(subnet(own, 'metrics'), tree).status).toBe('found')
        expect(lookupSubtree(subnet(own, 'node'), tree).status).toBe('found')
        expect(lookupSubtree(subnet(other, 'node'), tree).status).toBe(form === 'list' ? 'absent' : 'unknown')
      }
    })

    test('a subnet that is not there is proven to be absent', () => {
      const path = [text('subnet'), Principal.canister(1n).bytes]
      expect(lookupSubtree(path, certified([path], 'none').tree).status).toBe('absent')
    })
  })

  test.each<[RangesForm | undefined, string, string]>([
    [undefined, 'found', 'found'],
    ['list', 'found', 'unknown'],
    ['parts', 'unknown', 'found'],
  ])('are handed to canisters with a delegation in the form that the query has: %s', (ranges, list, parts) => {
    const net = subnetsOf(['nns', 'application'])
    const id = net.installOn('application', program().sys('certified_data_set', 'certified'))
    const message = {
      sender: anonymousPrincipal,
      canisterId: id,
      effectiveCanisterId: id,
      methodName: 'query',
      arg: program().read('data_certificate').replyTop().bytes(),
      ...(ranges && { ranges }),
    }
    const result = net.replica.query(message)
    if (result.status === 'rejected') throw new Error(result.reject.message)
    const { delegationTree, subnetId } = verifyCertificate({
      certificate: result.arg,
      rootKey: net.replica.rootKey,
      scope: { canisterId: id },
    })
    const tree = delegationTree ?? expect.fail('no delegation')
    expect(lookup([text('subnet'), subnetId.bytes, text('canister_ranges')], tree).status).toBe(list)
    expect(lookupSubtree([text('canister_ranges'), subnetId.bytes], tree).status).toBe(parts)
  })

  test('are renewed for a subnet that joins later', () => {
    const net = subnetsOf(['nns', 'application'])
    const first = net.installOn('application')
    const certificate = () => net.replica.subnetFor(first)?.certificate([]) as Uint8Array
    certificate()
    const added = net.replica.addMainnetSubnet(Principal.canister(123_456_789n))
    net.tick()
    for (const port of [added.replica, net.replica.subnetFor(first)]) {
      verifyCertificate({ certificate: port?.certificate([]) as Uint8Array, rootKey: net.replica.rootKey })
    }
  })
})

test('the root key that canisters see is that of the root subnet', () => {
  const net = subnetsOf(['nns', 'application'])
  const id = net.installOn('application')
  expect(expectReply(net.update(id, program().read('root_key').replyTop())).bytes).toEqual(net.replica.rootKey)
})

test('requests for no canister that there is are refused by name', () => {
  const net = subnetsOf(['application', 'application'])
  expect(net.query(Principal.canister(5n), program())).toMatchObject({
    reject: { message: 'Canister aaaaa-aa does not belong to any subnet.'.replace('aaaaa-aa', Principal.canister(5n).toText()) },
  })
  expect(net.replica.subnetFor(managementCanisterId)).toBe(net.replica.defaultSubnet.replica)
})
