/** Which id each canister of a project has on a network, in the file that dfx uses for it. */
import { join } from 'node:path'
import { CliError } from '../output/cliError.ts'
import { Fields } from './fields.ts'
import { readIfPresent, writeWhole } from './files.ts'

/** `{ name: { network: id } }`, as on disk. */
type Content = Record<string, Record<string, string>>

export class CanisterIds {
  readonly #file: string
  readonly #network: string
  #content: Content

  /**
   * @param networkName - as it stands in the file: `local`, `ic`, …
   * @param persistent - ids of a persistent network are kept in the project's folder, to be committed
   */
  constructor(projectRoot: string, networkName: string, persistent: boolean) {
    this.#file = persistent
      ? join(projectRoot, 'canister_ids.json')
      : join(projectRoot, '.dfx', folderName(networkName), 'canister_ids.json')
    this.#network = networkName
    this.#content = readContent(this.#file)
  }

  get(name: string): string | undefined {
    return this.#content[name]?.[this.#network]
  }

  /** Name of a canister by its id. */
  nameOf(id: string): string | undefined {
    return this.entries().find(([, each]) => each === id)?.[0]
  }

  /** Names and ids on this network; names that start with two underscores are internal and left out. */
  entries(): [name: string, id: string][] {
    return Object.entries(this.#content).flatMap(([name, ids]): [string, string][] => {
      const id = ids[this.#network]
      return id === undefined || name.startsWith('__') ? [] : [[name, id]]
    })
  }

  /** Records an id and writes the file at once. */
  set(name: string, id: string): void {
    // Another command may have written in the meantime.
    this.#content = readContent(this.#file)
    this.#content[name] = { ...this.#content[name], [this.#network]: id }
    this.#save()
  }

  remove(name: string): void {
    this.#content = readContent(this.#file)
    const { [this.#network]: removed, ...rest } = this.#content[name] ?? {}
    if (removed === undefined) return
    if (Object.keys(rest).length === 0) delete this.#content[name]
    else this.#content[name] = rest
    this.#save()
  }

  /** Forgets all ids of this network. */
  clear(): void {
    for (const name of Object.keys(this.#content)) this.remove(name)
  }

  #save(): void {
    writeWhole(this.#file, `${JSON.stringify(this.#content, null, 2)}\n`)
  }
}

/** Folder name of a network that is known by a URL only. */
export function folderName(networkName: string): string {
  return networkName.replace(/[^A-Za-z0-9._-]/g, '_')
}

function readContent(file: string): Content {
  const text = readIfPresent(file)
  if (text === undefined || text.trim() === '') return {}
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw new CliError({ what: `${file} is no JSON.`, remedy: 'Delete it, then deploy again.' })
  }
  const fields = new Fields(file, '', parsed)
  return Object.fromEntries(
    fields.names().map((name) => {
      const ids = fields.object(name)
      return [name, Object.fromEntries(ids?.names().map((network) => [network, ids.text(network) ?? '']) ?? [])]
    }),
  )
}
