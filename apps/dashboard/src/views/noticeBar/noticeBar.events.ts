/** The user has read the notice. */
export class DismissNoticeEvent extends Event {
  static readonly type = 'dismiss-notice'
  constructor() {
    super(DismissNoticeEvent.type, { bubbles: true, composed: true })
  }
}
