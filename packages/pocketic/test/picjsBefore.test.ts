/** The suite of PicJS with the version before the newest. It looks for the server in a folder of its own, where a link would stand. */
import { vi } from 'vitest'
import { executable } from './support/server.ts'

vi.mock('@dfinity/pic', async () => {
  const pic = await import('pic-0.17')
  Object.assign(pic.PocketIcServer, { getBinPath: () => executable })
  return pic
})

await import('./picjs.test.ts')
