/**
 * What goes into a network between its rounds, and the rounds themselves: all that a state depends on.
 *
 * A network that follows the wall clock only chooses inputs. Recorded, they bring another network to the same state.
 */
import type { HttpOutcallAnswer } from '@tidemark/replica'
import type { IngressMessage, Principal, QueryMessage } from '@tidemark/types'

export type NetworkInput =
  | { readonly kind: 'submit'; readonly message: IngressMessage }
  /** Queries are counted, and canisters are told so. */
  | { readonly kind: 'query'; readonly message: QueryMessage }
  /** A round at a block time. */
  | { readonly kind: 'tick'; readonly timeNanos: bigint }
  | { readonly kind: 'add_cycles'; readonly canisterId: Principal; readonly amount: bigint }
  | { readonly kind: 'set_stable_memory'; readonly canisterId: Principal; readonly bytes: Uint8Array }
  | {
      readonly kind: 'answer_http_outcall'
      readonly subnetId: Principal
      readonly id: bigint
      readonly answer: HttpOutcallAnswer
      readonly others: readonly HttpOutcallAnswer[]
      /** Whether these are answers of some nodes of a group only. Default false. */
      readonly isPartial?: boolean
    }
  | { readonly kind: 'add_mainnet_subnet'; readonly canisterId: Principal }
  | { readonly kind: 'delete_subnet'; readonly subnetId: Principal }

/** Hears of every input, in the order in which they take effect. */
export type InputListener = (input: NetworkInput) => void
