import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CandidError } from '@tidemark/candid'
import { CliError } from '../../src/output/cliError.ts'
import { report } from '../../src/output/report.ts'
import { createTerminal, temporaryFolder } from '../support/terminal.ts'

function reported(error: unknown): { code: number; err: string } {
  const terminal = createTerminal('/')
  return { code: report(error, terminal), err: terminal.err() }
}

test('what happened, why, what to do: a line each', () => {
  expect(reported(new CliError({ what: 'Port 1 is taken.', why: 'Somebody has it.', remedy: 'Take another.', exitCode: 3 }))).toEqual({
    code: 3,
    err: 'Error: Port 1 is taken.\nSomebody has it.\nTake another.\n',
  })
  expect(reported(new CandidError('argument 1: expected nat'))).toEqual({ code: 1, err: 'Error: argument 1: expected nat\n' })
})

test('a file that cannot be used is told with its path, a full disk with what helps', () => {
  using folder = temporaryFolder()
  writeFileSync(join(folder.path, 'file'), '')
  const thrown = (): unknown => {
    try {
      mkdirSync(join(folder.path, 'file', 'below'))
      return undefined
    } catch (error) {
      return error
    }
  }
  expect(reported(thrown())).toMatchObject({ code: 1, err: expect.stringContaining(join(folder.path, 'file', 'below')) })
  expect(reported(Object.assign(new Error('write'), { code: 'ENOSPC' })).err).toContain('The disk is full')
})

test('only a defect of our own shows a stack', () => {
  const { code, err } = reported(new TypeError('oops'))
  expect(code).toBe(70)
  expect(err).toMatch(/^Error: an internal defect of tidemark\nTypeError: oops\n\s+at /)
})
