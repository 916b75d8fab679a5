import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createProject, repeatUntil, type RunningCommand, wordsOf } from './support/project.ts'

interface Quoted {
  readonly command: string
  /** The output that the page shows, if any. */
  readonly output?: string
}

const page = readFileSync(fileURLToPath(new URL('../../../docs/walkthrough.md', import.meta.url)), 'utf8')

/** Commands of the page in order, each with the block of output that follows it. */
function quotedCommands(): Quoted[] {
  const blocks = [...page.matchAll(/```(sh|text)\n([^]*?)\n```/g)].map(([, kind, content = '']) => ({ kind, content }))
  return blocks.flatMap(({ kind, content }, index) => {
    if (kind !== 'sh' || !content.startsWith('tidemark ')) return []
    const next = blocks[index + 1]
    return [{ command: content.slice('tidemark '.length), ...(next?.kind === 'text' ? { output: next.content } : {}) }]
  })
}

/** Takes out what differs from run to run: ids, keys, ports, and figures that grow with time. */
function comparable(text: string): string {
  return (
    text
      .trimEnd()
      // Steps that take longer than a second are shown, and on a busy machine more of them do.
      .replace(/^(?:.+ …|.+: done in [\d.]+ s)\n/gm, '')
      .replace(/\b(?:[a-z0-9]{5}-){10}[a-z0-9]{3}\b/g, '<principal>')
      .replace(/\b(?!a4gq6)[a-z0-9]{5}-[a-z0-9]{5}-77777-[a-z0-9]{5}-cai\b/g, '<canister>')
      .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
      .replace(/0x[0-9a-f]{64}/g, '<hash>')
      .replace(
        /^(Idle cycles burned per day|Memory Size|Balance|Number of queries|Instructions spent in queries|Total query \w+ payload size): [\d_]+/gm,
        '$1: <figure>',
      )
  )
}

function countOf(text: string, word: RegExp): number {
  return [...text.matchAll(word)].length
}

test('every command of docs/walkthrough.md does what the page shows', { timeout: 180_000 }, async () => {
  await using project = createProject()
  const commands = quotedCommands()
  expect(commands.length).toBeGreaterThan(15)
  let network: RunningCommand | undefined
  for (const { command, output } of commands) {
    if (command.startsWith('start')) {
      network = await project.start(wordsOf(command))
      expect(comparable(network.out())).toBe(comparable(output ?? ''))
      continue
    }
    // In this process there is nobody to signal: the network ends with the test.
    if (command === 'stop') continue
    const runOnce = () => project.run(command)
    const asksForHook = output?.includes('OnLowWasmMemory') === true
    const result = asksForHook ? await repeatUntil(runOnce, /OnLowWasmMemory/) : await runOnce()
    expect(result, command).toMatchObject({ code: 0, err: '' })
    if (output !== undefined) expect(comparable(result.out), command).toBe(comparable(output))
    // After a new installation the list is on its way again, or, on a busy machine, complete again: never longer.
    if (command.includes('get_executed_functions_order') && !asksForHook) expect(countOf(result.out, /Heartbeat/g)).toBeLessThanOrEqual(18)
    expect(countOf(result.out, /OnLowWasmMemory/g)).toBeLessThanOrEqual(1)
  }
})
