/** What a route of an instance is: a method, a path, and what it does. */
import type { Instance } from '../instance/instance.ts'
import type { BlobStore } from '../blobStore.ts'
import type { Fields } from '../wire/fields.ts'
import type { JsonValue } from '../wire/json.ts'

export interface InstanceRequest {
  readonly instance: Instance
  /** The JSON object in the body; empty when there is none. */
  readonly fields: Fields
  readonly blobs: BlobStore
}

/** Its answer is the value that goes back as JSON; runs after all earlier operations on the instance. */
export type Operation = (request: InstanceRequest) => JsonValue | Promise<JsonValue>

/** Operations by `<HTTP method> <path below the instance>`. */
export type Operations = Readonly<Record<string, Operation>>
