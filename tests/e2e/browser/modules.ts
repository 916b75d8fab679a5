/** The modules as the page's server has them. */
import { moduleNames, type Modules } from './scenario.ts'

export async function loadModules(): Promise<Modules> {
  const load = async (name: string): Promise<[string, Uint8Array]> => [
    name,
    new Uint8Array(await (await fetch(`/modules/${encodeURIComponent(name)}`)).arrayBuffer()),
  ]
  return new Map(await Promise.all(moduleNames.map(load)))
}
