import { expect, test } from 'vitest'
import { createRememberingCheck, text } from '../src/index.ts'

const [key, signature, message] = [text('key'), text('signature'), text('message')]

test('a signature that verified is not verified again; one that did not is', () => {
  let asked = 0
  const check = createRememberingCheck(2, (_, given) => (asked++, given === signature))
  expect([check(key, signature, message), check(key, signature, message), asked]).toEqual([true, true, 1])
  expect([check(key, text('other'), message), check(key, text('other'), message), asked]).toEqual([false, false, 3])
})

test('each part counts, wherever their ends are', () => {
  let asked = 0
  const check = createRememberingCheck(10, () => (asked++, true))
  check(text('ab'), text('c'), text('d'))
  check(text('a'), text('bc'), text('d'))
  check(text('ab'), text('c'), text('e'))
  expect(asked).toBe(3)
})

test('the oldest is forgotten first', () => {
  let asked = 0
  const check = createRememberingCheck(2, () => (asked++, true))
  for (const name of ['1', '2', '3', '2', '3']) check(key, signature, text(name))
  expect(asked).toBe(3)
  check(key, signature, text('1'))
  expect(asked).toBe(4)
})
