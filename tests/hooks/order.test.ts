/**
 * Whatever is due together runs in one order with the library, too, on a network without hooks: all that becomes due in a round
 * runs after it. docs/hooks/order.md shows what is seen here.
 */
import { describe, expect, test } from 'vitest'
import { managementCanisterId, type Principal } from '@tidemark/types'
import {
  candid,
  encodeManagement,
  expectInPage,
  expectReply,
  hookTriggers,
  network,
  orderTable,
  program,
  settingsRecord,
  type TestNetwork,
  type Trigger,
  triggerOf,
  universalCanister,
} from '../support/index.ts'
import { exampleInit, exampleInterface } from './support/candid.ts'
import { moduleOf } from './support/modules.ts'
import type { Language } from './support/target.ts'

const trillion = 10n ** 12n
const mebibyte = 1n << 20n
const heapThreshold = 24n * mebibyte
const thresholds = { cycles_threshold: 50n * trillion, heap_memory_threshold: heapThreshold, output_queue_capacity: 1n }
/** Calls after which a monitor's delivery comes, in the same round: by then the canister has raised what it raises itself. */
const hops = 8

interface Submission {
  readonly method: string
  readonly arg: Uint8Array
  readonly to?: 'management' | 'by monitor'
}

class Stage {
  readonly #net: TestNetwork = network()
  readonly #language: Language
  readonly #module: Uint8Array
  readonly #id: Principal
  readonly #monitor: Principal
  readonly #init: Uint8Array
  readonly #saved: ReturnType<TestNetwork['replica']['snapshot']>

  constructor(language: Language, module: Uint8Array) {
    this.#language = language
    this.#module = module
    this.#monitor = this.#net.install(universalCanister())
    this.#init = exampleInit([candid(this.#monitor)], thresholds)
    this.#id = this.#net.install(module, this.#init, { cycles: 100n * trillion })
    this.#net.tick(8)
    this.#saved = this.#net.replica.snapshot()
  }

  /** What ran of what a round has made due. */
  play(due: readonly Trigger[]): (Trigger | undefined)[] {
    this.#net.replica.restore(this.#saved)
    const submissions = due.map((trigger) => this.#provocation(trigger))
    for (const { to, method, arg } of submissions) {
      if (to === 'by monitor') continue
      const callee = to === 'management' ? managementCanisterId : this.#id
      expect(this.#net.submit(callee, method, arg, { effectiveCanisterId: this.#id })).toBeInstanceOf(Uint8Array)
    }
    this.#deliver(submissions.filter(({ to }) => to === 'by monitor'))
    this.#net.tick(10)
    const { bytes } = expectReply(this.#net.query(this.#id, exampleInterface.encode('order', []), 'order'))
    const order = exampleInterface.decode('order', bytes) as string[]
    return order.slice(-due.length).map(triggerOf)
  }

  /** Sends deliveries as the monitor does: one after the other, in the order of the hooks. */
  #deliver(deliveries: readonly Submission[]): void {
    const inOrder = deliveries.toSorted((one, other) => (one.method < other.method ? -1 : 1))
    let body = program().reply()
    for (const { method, arg } of inOrder.toReversed()) body = program().call(this.#id, method, arg, { onReply: body }).op('drop')
    for (let hop = 0; hop < hops; hop += 1) body = program().callUpdate(this.#monitor, program().reply(), { onReply: body })
    if (deliveries.length > 0) this.#net.send(this.#monitor, body)
  }

  #provocation(trigger: Trigger): Submission {
    const target = { canister_id: candid(this.#id), sender_canister_version: [] }
    const call = (method: string, ...args: unknown[]) => ({ method, arg: exampleInterface.encode(method, args) })
    const manage = (method: string, arg: object) => ({
      method,
      arg: encodeManagement(method, { ...target, ...arg }),
      to: 'management' as const,
    })
    const keep = [{ skip_pre_upgrade: [], wasm_memory_persistence: [{ keep: null }] }]
    switch (trigger) {
      case 'low_wasm_memory':
        return manage('update_settings', {
          settings: settingsRecord({ wasm_memory_limit: 1n << 32n, wasm_memory_threshold: (1n << 32n) - 1n }),
        })
      case 'post_init':
        return manage('install_code', {
          mode: { upgrade: this.#language === 'motoko' ? keep : [] },
          wasm_module: this.#module,
          arg: this.#init,
        })
      case 'on_error':
        return call('trap_before_await', 'no')
      case 'low_cycles':
        return call('burn_cycles', 60n * trillion)
      case 'low_heap_memory':
        // Azle cannot tell the heap: its monitor does.
        return this.#language === 'motoko'
          ? call('grow_heap', heapThreshold)
          : { ...call('canister_on_low_heap_memory', heapThreshold, [{ number: 1n }]), to: 'by monitor' }
      case 'output_queue_full':
        return call('fill_output_queue', 1n, true)
      default:
        return { ...call('canister_on_unfreeze', [{ number: 2n }]), to: 'by monitor' }
    }
  }
}

const stages = await Promise.all(
  (['motoko', 'typescript'] as const).map(async (language) => ({ language, stage: new Stage(language, await moduleOf(language)) })),
)
const pairs = hookTriggers.flatMap((first, n) => hookTriggers.slice(n + 1).map((second) => [first, second] as const))
const played = new Map<string, string>()

function seenOf(first: Trigger, second: Trigger): string {
  const seen = stages.flatMap(({ language, stage }) =>
    [
      [first, second],
      [second, first],
    ].map((due) => {
      const key = `${language} ${due.join()}`
      const order = played.get(key) ?? stage.play(due as Trigger[]).join(', ')
      played.set(key, order)
      return order
    }),
  )
  return seen.every((each) => each === `${first}, ${second}`) ? 'before' : [...new Set(seen)].join(' or ')
}

describe('pairs', { timeout: 300_000 }, () => {
  test.each(pairs)('%s runs before %s', (first, second) => {
    expect(seenOf(first, second)).toBe('before')
  })
})

// Post-init and the hook of the protocol go on with whatever is due when they end, and more becomes due in the meantime.
test.each(stages)('all others at once, in $language', { timeout: 300_000 }, ({ stage }) => {
  const due = hookTriggers.slice(2)
  expect(stage.play(due.toReversed())).toEqual(due)
})

test('the table of docs/hooks/order.md', { timeout: 300_000 }, () => {
  expectInPage(new URL('../../docs/hooks/order.md', import.meta.url), 'library', orderTable(hookTriggers, seenOf))
})
