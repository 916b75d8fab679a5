/** Headers that the security policies of asset rules stand for. The values are the published ones, so that a site behaves as on mainnet. */
import type { HeaderList } from './rules.ts'

/** `hardened` means `standard` with improvements of one's own, so that nobody is told to improve it. */
export type SecurityPolicy = 'disabled' | 'standard' | 'hardened'

export function isSecurityPolicy(name: string): name is SecurityPolicy {
  return name === 'disabled' || name === 'standard' || name === 'hardened'
}

const forbidden = [
  'accelerometer ambient-light-sensor autoplay battery camera cross-origin-isolated display-capture document-domain encrypted-media',
  'execution-while-not-rendered execution-while-out-of-viewport fullscreen geolocation gyroscope keyboard-map magnetometer microphone',
  'midi navigation-override payment picture-in-picture publickey-credentials-get screen-wake-lock sync-xhr usb web-share',
  'xr-spatial-tracking clipboard-read clipboard-write gamepad speaker-selection conversion-measurement focus-without-user-activation',
  'hid idle-detection interest-cohort serial sync-script trust-token-redemption window-placement vertical-scroll',
]

const contentSources = [
  "default-src 'self'",
  "script-src 'self'",
  "connect-src 'self' http://localhost:* https://icp0.io https://*.icp0.io https://icp-api.io",
  "img-src 'self' data:",
  "style-src * 'unsafe-inline'",
  "style-src-elem * 'unsafe-inline'",
  'font-src *',
  "object-src 'none'",
  "base-uri 'self'",
  "frame-ancestors 'none'",
  "form-action 'self'",
  'upgrade-insecure-requests',
]

const standard: HeaderList = [
  ['Content-Security-Policy', contentSources.map((source) => `${source};`).join('')],
  [
    'Permissions-Policy',
    forbidden
      .flatMap((line) => line.split(' '))
      .map((feature) => `${feature}=()`)
      .join(', '),
  ],
  ['X-Frame-Options', 'DENY'],
  ['Referrer-Policy', 'same-origin'],
  ['Strict-Transport-Security', 'max-age=31536000; includeSubDomains'],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-XSS-Protection', '1; mode=block'],
]

/** Own headers and those of the policy; own ones win. */
export function withPolicy(own: HeaderList | undefined, policy: SecurityPolicy | undefined): HeaderList | undefined {
  if (policy === undefined || policy === 'disabled') return own
  const set = new Set(own?.map(([name]) => name.toLowerCase()))
  return [...(own ?? []), ...standard.filter(([name]) => !set.has(name.toLowerCase()))]
}
