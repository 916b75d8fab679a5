import { expect, test } from 'vitest'
import { createSteps } from '../../src/output/steps.ts'
import { createTerminal } from '../support/terminal.ts'

/** Runs one step that takes so long by the given clock. */
async function output(milliseconds: number): Promise<string> {
  const terminal = createTerminal('/')
  let now = 0
  const steps = createSteps(terminal, () => now)
  await steps.run('Building monitor', () => {
    now += milliseconds
    return Promise.resolve()
  })
  return terminal.out()
}

test('a step is named with its time when it takes more than a second', async () => {
  expect(await output(5_240)).toBe('Building monitor: done in 5.2 s\n')
  expect(await output(999)).toBe('')
})

test('a failing step fails as it would without', async () => {
  const steps = createSteps(createTerminal('/'))
  await expect(steps.run('x', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
})
