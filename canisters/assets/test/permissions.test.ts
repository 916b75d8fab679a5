import { describe, expect, test } from 'vitest'
import { controller, createSite, developer, optional, type Site, stranger } from './support/site.ts'

const refusal = /Caller does not have|Caller is not a controller/
const clear = (site: Site): unknown => site.call('clear', {})
const createBatch = (site: Site): unknown => site.call('create_batch', {})
const grant = (site: Site): unknown => site.call('grant_permission', { to_principal: stranger, permission: { Prepare: null } })

const permitted = (site: Site): string[][] =>
  [{ Prepare: null }, { Commit: null }, { ManagePermissions: null }].map((permission) =>
    site.call('list_permitted', { permission }).map((principal) => principal.toText()),
  )

describe('a permission allows its own methods and no others', () => {
  test.each([
    ['Prepare', { prepare: true, commit: false, manage: false }],
    ['Commit', { prepare: true, commit: true, manage: false }],
    ['ManagePermissions', { prepare: false, commit: false, manage: true }],
  ] as const)('%s', (name, expected) => {
    const site = createSite()
    const visitor = site.as(developer)
    for (const attempt of [createBatch, clear, grant]) expect(() => attempt(visitor)).toThrow(refusal)
    site.call('grant_permission', { to_principal: developer, permission: { [name]: null } as never })
    const outcome = (attempt: (site: Site) => unknown) => (expected_: boolean) => {
      if (expected_) attempt(visitor)
      else expect(() => attempt(visitor)).toThrow(refusal)
    }
    outcome(createBatch)(expected.prepare)
    outcome(clear)(expected.commit)
    outcome(grant)(expected.manage)
    visitor.call('revoke_permission', { of_principal: developer, permission: { [name]: null } as never })
    for (const attempt of [createBatch, clear, grant]) expect(() => attempt(visitor)).toThrow(refusal)
  })
})

test('a controller needs no permission', () => {
  const site = createSite({ Init: { set_permissions: [{ prepare: [], commit: [], manage_permissions: [] }] } })
  expect(permitted(site)).toEqual([[], [], []])
  for (const attempt of [createBatch, clear, grant]) expect(() => attempt(site)).not.toThrow()
})

test('whoever installs may commit, unless the argument says otherwise', () => {
  expect(permitted(createSite())).toEqual([[], [controller.toText()], []])
  const lists = { prepare: [stranger], commit: [developer], manage_permissions: [controller] }
  const expected = [[stranger.toText()], [developer.toText()], [controller.toText()]]
  expect(permitted(createSite({ Init: { set_permissions: [lists] } }))).toEqual(expected)
})

test('the older names mean Commit', () => {
  const site = createSite()
  expect(() => site.as(developer).call('authorize', developer)).toThrow(refusal)
  site.call('authorize', developer)
  expect(site.call('list_authorized').map((principal) => principal.toText())).toContain(developer.toText())
  site.call('deauthorize', developer)
  expect(() => clear(site.as(developer))).toThrow(refusal)
})

test('taking ownership leaves one principal with Commit, and only a controller can', () => {
  const site = createSite()
  site.call('grant_permission', { to_principal: developer, permission: { ManagePermissions: null } })
  expect(() => site.as(developer).call('take_ownership')).toThrow(refusal)
  site.call('take_ownership')
  expect(permitted(site)).toEqual([[], [controller.toText()], []])
})

test('reading takes no permission', () => {
  const visitor = createSite().as(stranger)
  expect(visitor.call('api_version')).toBe(2)
  expect(visitor.call('list', { start: optional(), length: optional() })).toEqual([])
})
