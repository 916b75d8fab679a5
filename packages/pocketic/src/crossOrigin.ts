/** Pages of any origin may use instances. */
import type { WholeAnswer } from '@tidemark/listen'

const anyOrigin = { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' }

/** The answer, readable by pages of other origins. */
export function allowCrossOrigin(answer: WholeAnswer): WholeAnswer {
  return { ...answer, headers: { ...answer.headers, ...anyOrigin } }
}

/** What a browser is told that asks before it sends a request. */
export const preflightAnswer: WholeAnswer = {
  status: 200,
  headers: {
    ...anyOrigin,
    'access-control-allow-methods': 'GET,HEAD,POST,DELETE,OPTIONS',
    'access-control-allow-headers': '*',
    'access-control-max-age': '600',
  },
  body: null,
}
