/**
 * The diagrams of docs/hooks: what ran, in the order in which the trace has it.
 *
 * `TIDEMARK_WRITE_DOCS=1` puts them into the pages; without it a page that shows something else fails.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { TraceEvent } from '@tidemark/trace'
import { type Principal } from '@tidemark/types'
import { expectReply, later, type Program, program, type TestNetwork, universalCanister } from '../../../../tests/support/index.ts'
import { hookModule, hookNetwork, notingHooks, setThresholds } from './support/hookNetwork.ts'

const trillion = 10n ** 12n
const page = (name: string) => new URL(`../../../../docs/hooks/${name}.md`, import.meta.url)

interface Stage {
  readonly net: TestNetwork
  readonly id: Principal
}

/** A canister with hooks, and what is done to it once it is quiet. */
function play(body: (stage: Stage) => void, { init = notingHooks(), cycles = 10n ** 17n } = {}): string {
  const { net, events } = hookNetwork()
  const id = net.install(hookModule, init, { cycles })
  net.tick(2)
  const before = events().length
  body({ net, id })
  return draw(events().slice(before), id)
}

/** One line for each execution, equal ones in a row together, under the round in which they were. */
function draw(events: readonly TraceEvent[], id: Principal): string {
  const lines: { round: bigint; text: string; times: number }[] = []
  for (const event of events) {
    const text = label(event, id)
    const last = lines.at(-1)
    if (last?.text === text && last.round === event.round) last.times += 1
    else lines.push({ round: event.round, text, times: 1 })
  }
  const first = lines[0]?.round ?? 0n
  return lines
    .map(({ round, text, times }, n) => {
      const head = round === lines[n - 1]?.round ? '' : `round ${round - first + 1n}`
      return `${head.padEnd(9)}│ ${text}${times > 1 ? ` × ${times}` : ''}`
    })
    .join('\n')
}

function label({ canisterId, kind, methodName, outcome }: TraceEvent, id: Principal): string {
  const who = kind === 'management' ? 'aaaaa-aa  ' : canisterId === id.toText() ? 'canister  ' : 'callee    '
  const what = kind === 'management' || kind === 'lifecycle_hook' ? (methodName ?? kind) : (words[kind] ?? kind)
  return `${who}${kind === 'lifecycle_hook' || kind === 'on_low_wasm_memory' ? '▶ ' : '  '}${what}${outcome === 'trapped' ? ', trapped' : ''}`
}

const words: Partial<Record<TraceEvent['kind'], string>> = {
  update: 'message',
  reply_callback: 'response',
  on_low_wasm_memory: 'canister_on_low_wasm_memory',
  global_timer: 'timer',
  post_upgrade: 'canister_post_upgrade',
  init: 'canister_init',
}

const message = program().reply()
const burn = (cycles: bigint) => program().amount('cycles_burn128', 0n, cycles).reply()
const upgrade = ({ net, id }: Stage, postInit: Program) => {
  const install = net.upgrade(id, hookModule, notingHooks().on('post_init', postInit))
  expectReply(install)
}

/** Diagrams by page, each with the words above it. */
const diagrams: Record<string, Record<string, () => string>> = {
  canister_on_low_wasm_memory: {
    'A message grows the heap over the limit minus the threshold; another message waits behind it.': () =>
      play(
        ({ net, id }) => {
          net.updateSettings(id, { wasm_memory_limit: 100n * 65_536n, wasm_memory_threshold: 97n * 65_536n })
          net.send(id, program().growHeap(2).reply())
          net.send(id, message)
          net.tick(2)
        },
        { init: notingHooks().on('heartbeat', program().note('beat')) },
      ),
  },
  canister_post_init: {
    'Plain: the hook asks for randomness; a message that came before the upgrade does not wait for the answer.': () =>
      play((stage) => {
        upgrade(stage, later(1, program().note('seeded')))
        stage.net.send(stage.id, message)
        stage.net.tick(2)
      }),
    'With a gate: the same message runs after the answer.': () =>
      play((stage) => {
        setThresholds(stage.net, stage.id, { post_init_gate_seconds: 60n })
        upgrade(stage, later(1, program().note('seeded')))
        stage.net.send(stage.id, message)
        stage.net.tick(3)
      }),
  },
  canister_on_error: {
    'A message traps; another one waits behind it.': () =>
      play(({ net, id }) => {
        net.send(id, program().trap('no'))
        net.send(id, message)
        net.tick(2)
      }),
    'A heartbeat that traps for ever: one hook in a round, and messages still run.': () =>
      play(
        ({ net, id }) => {
          net.send(id, message)
          net.tick(2)
          net.send(id, message)
          net.tick(2)
        },
        { init: notingHooks().on('heartbeat', program().trap('for ever')) },
      ),
  },
  canister_on_low_cycles: {
    'A message burns cycles down to the threshold; another message waits behind it.': () =>
      play(
        ({ net, id }) => {
          setThresholds(net, id, { low_cycles_threshold: 5n * trillion })
          net.send(id, burn(6n * trillion))
          net.send(id, message)
          net.tick(2)
        },
        { cycles: 10n * trillion },
      ),
  },
  canister_on_low_heap_memory: {
    'A message grows the heap to the threshold; another message waits behind it.': () =>
      play(({ net, id }) => {
        setThresholds(net, id, { low_heap_memory_threshold: 4n * 65_536n })
        net.send(id, program().growHeap(3).reply())
        net.send(id, message)
        net.tick(2)
      }),
  },
  canister_on_output_queue_full: {
    'A message makes 500 calls to one canister; another message waits behind it.': () => {
      const { net, events } = hookNetwork()
      const callee = net.install(universalCanister(), '', { cycles: 10n ** 17n })
      const id = net.install(hookModule, notingHooks(), { cycles: 10n ** 17n })
      net.tick(2)
      const before = events().length
      net.send(
        id,
        program()
          .repeat(500, program().callUpdate(callee, later(30, message)))
          .reply(),
      )
      net.send(id, message)
      net.tick()
      return draw(events().slice(before), id)
    },
  },
  canister_on_unfreeze: {
    'A freezing threshold that the balance does not reach, and back; a message waits.': () =>
      play(({ net, id }) => {
        net.updateSettings(id, { freezing_threshold: 10n ** 15n })
        net.updateSettings(id, { freezing_threshold: 0n })
        net.send(id, message)
        net.tick(2)
      }),
  },
}

describe.each(Object.entries(diagrams))('docs/hooks/%s.md', (name, scenes) => {
  test.each(Object.entries(scenes))('%s', (words_, scene) => {
    const block = `${words_}\n\n\`\`\`text\n${scene()}\n\`\`\`\n`
    const text = readFileSync(page(name), 'utf8')
    if (process.env['TIDEMARK_WRITE_DOCS'] === '1') {
      const at = text.indexOf(words_)
      const end = text.indexOf('```\n', text.indexOf('```text', at)) + 4
      writeFileSync(page(name), text.slice(0, at) + block + text.slice(end))
    } else expect(text).toContain(block)
  })
})
