/** Every published case is shown, and those that are shown in another way are known by name. */
import { expect, test } from 'vitest'
import { billingCases, shownBy, shownOtherwise } from './support/cases.ts'

const shownGroups = new Set(Object.values(shownBy).flat())

test('no case is left out', () => {
  expect(billingCases.filter(({ group }) => !shownGroups.has(group)).map(({ id }) => id)).toEqual([])
  expect(billingCases).toHaveLength(68)
})

test('cases that are shown otherwise than they are told', () => {
  expect(Object.keys(shownOtherwise)).toEqual(['B06', 'B07', 'B42', 'B45', 'B52'])
  const ids = new Set(billingCases.map(({ id }) => id))
  for (const id of Object.keys(shownOtherwise)) expect(ids).toContain(id)
})
