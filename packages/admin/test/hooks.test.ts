import { expect, test } from 'vitest'
import { administered } from './support/adminOf.ts'

test('tells what became of the hooks of a canister', async () => {
  const { install, json } = administered()
  const id = install()
  expect(await json('GET', `/canisters/${id.toText()}/hooks`)).toEqual({
    hooks: [
      { name: 'canister_on_low_wasm_memory', state: 'idle', condition: 'condition_not_satisfied', pending: '0', runs: '0', dropped: '0' },
    ],
  })
})

test('knows of no canister that is not there', async () => {
  const { json } = administered()
  expect(await json('GET', '/canisters/aaaaa-aa/hooks')).toEqual({
    error: { code: 'not_found', message: 'There is no canister aaaaa-aa.' },
  })
})
