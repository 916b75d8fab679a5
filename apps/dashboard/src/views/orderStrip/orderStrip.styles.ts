import { css } from 'lit'

export const orderStripStyles = css`
  ol {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
  }
  li {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    height: 24px;
    min-width: 27px;
    padding: 0 5px;
    border-radius: 5px;
    font-size: var(--text-xs);
    animation: arrive 420ms ease-out both;
  }
  .heartbeat {
    background: var(--water-faint);
    color: var(--water-deep);
    box-shadow: inset 0 -2px 0 var(--water-soft);
  }
  .hook {
    gap: 7px;
    padding: 0 9px;
    background: var(--coral-solid);
    color: var(--on-solid);
    font-weight: 650;
  }
  .hook .position {
    font-weight: 500;
  }
  .folded {
    padding: 0 10px;
    color: var(--ink-soft);
    border: 1px dashed var(--rule-strong);
  }
  .empty {
    color: var(--ink-soft);
    line-height: 24px;
  }
  @keyframes arrive {
    from {
      opacity: 0;
      transform: translateY(-5px);
    }
  }
`
