import { expect, test } from 'vitest'
import { controller, createSite, developer, get, headerOf, rootKey, upload } from './support/site.ts'
import { verify } from './support/verify.ts'

test('an upgrade keeps assets, permissions and open batches, and certifies anew', () => {
  const site = createSite()
  upload(site, { key: '/index.html', contents: { identity: ['home'] }, maxAge: 9n })
  site.call('grant_permission', { to_principal: developer, permission: { Prepare: null } })
  const { batch_id } = site.as(developer).call('create_batch', {})
  site.upgrade()
  const answer = get(site, '/')
  expect([answer.body, headerOf(answer, 'cache-control')]).toEqual(['home', 'max-age=9'])
  expect(verify('/', answer).status).toBe(200)
  expect(site.as(developer).call('create_chunk', { batch_id, content: new Uint8Array(3) }).chunk_id).toBe(2n)
  expect(site.call('list_authorized').map((principal) => principal.toText())).toEqual([controller.toText()])
})

test('an upgrade may set the permissions', () => {
  const site = createSite()
  site.upgrade({ Upgrade: { set_permissions: [{ prepare: [], commit: [developer], manage_permissions: [] }] } })
  expect(site.call('list_authorized').map((principal) => principal.toText())).toEqual([developer.toText()])
})

test('pages carry the root key and the public variables, from the next commit or upgrade on', () => {
  const site = createSite()
  const home = { key: '/index.html', contents: { identity: ['home'] } }
  upload(site, home, { key: '/a.txt', contentType: 'text/plain', contents: { identity: ['text'] } })
  const key = `ic_root_key%3D${Buffer.from(rootKey).toString('hex')}`
  expect(headerOf(get(site, '/'), 'set-cookie')).toBe(`ic_env=${key}; SameSite=Lax`)
  expect(headerOf(get(site, '/a.txt'), 'set-cookie')).toBeUndefined()

  site.host.world.environment = [
    ['SECRET', 'no'],
    ['PUBLIC_CANISTER_ID:backend', 'aaaaa-aa'],
    ['PUBLIC_LONG', 'x'.repeat(129)],
  ]
  upload(site, { key: '/b.txt', contentType: 'text/plain', contents: { identity: ['text'] } })
  const answer = get(site, '/')
  expect(headerOf(answer, 'set-cookie')).toBe(`ic_env=${key}%26PUBLIC_CANISTER_ID%3Abackend%3Daaaaa-aa; SameSite=Lax`)
  expect(verify('/', answer).headers).toContain('set-cookie')

  site.host.world.environment = []
  site.upgrade()
  expect(headerOf(get(site, '/'), 'set-cookie')).toBe(`ic_env=${key}; SameSite=Lax`)
  expect(verify('/', get(site, '/')).status).toBe(200)
})

test('many assets stay verifiable, with small witnesses', () => {
  const site = createSite()
  upload(site, ...Array.from({ length: 200 }, (_, index) => ({ key: `/file${index}.html`, contents: { identity: [`${index}`] } })))
  const answer = get(site, '/file123')
  expect([answer.body, verify('/file123', answer).status]).toEqual(['123', 200])
  expect(headerOf(answer, 'ic-certificate')?.length).toBeLessThan(3000)
  expect(verify('/file1230', get(site, '/file1230')).status).toBe(404)
})
