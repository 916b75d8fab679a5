import { css } from 'lit'

export const allocationBillStyles = css`
  .prices {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .body {
    flex: 1;
    display: flex;
    flex-direction: column;
    gap: 11px;
    padding: 14px 16px;
    min-height: 0;
  }
  .live {
    min-height: 37px;
    font-size: var(--text-s);
  }
  .switch {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    font-weight: 550;
    cursor: pointer;
  }
  .switch input {
    position: absolute;
    width: 30px;
    height: 18px;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }
  .track {
    flex: none;
    width: 30px;
    height: 18px;
    border-radius: 9px;
    background: var(--rule-strong);
    box-shadow: inset 0 0 0 7px transparent;
    position: relative;
    transition: background 140ms;
  }
  .track::after {
    content: '';
    position: absolute;
    inset: 3px auto 3px 3px;
    width: 12px;
    border-radius: 50%;
    background: var(--panel);
    transition: translate 140ms;
  }
  input:checked + .track {
    background: var(--action);
  }
  input:checked + .track::after {
    translate: 12px;
  }
  input:focus-visible + .track {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }
  input:disabled + .track {
    opacity: 0.5;
  }
  .agreement {
    color: var(--ink-soft);
    font-size: var(--text-xs);
  }
  .rules {
    display: flex;
    flex-direction: column;
    gap: 9px;
  }
  .pair {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 6px;
  }
  .rule {
    display: grid;
    gap: 1px;
    padding: 6px 10px 7px;
    border: 1px solid var(--rule);
    border-radius: var(--radius-s);
    background: var(--panel);
    text-align: left;
    cursor: pointer;
  }
  .rule:hover {
    border-color: var(--rule-strong);
  }
  .rule[aria-pressed='true'] {
    background: var(--sunk);
    border-color: var(--rule-strong);
    box-shadow: inset 3px 0 0 var(--ink-soft);
  }
  .rule-title {
    font-size: var(--text-s);
  }
  .meaning,
  .charged {
    color: var(--ink-faint);
    font-weight: 400;
  }
  .verdict {
    display: flex;
    flex-wrap: wrap;
    gap: 0 10px;
    align-items: baseline;
    font-size: var(--text-l);
    font-weight: 650;
  }
  .ok .verdict {
    color: var(--green);
  }
  .refused .verdict {
    color: var(--coral);
  }
  .verdict .charged {
    font-size: var(--text-s);
  }
  .costs {
    margin-top: auto;
    padding-top: 9px;
    border-top: 1px solid var(--rule);
  }
  dl {
    display: grid;
    grid-template-columns: repeat(4, auto);
    justify-content: space-between;
    gap: 4px 12px;
  }
  dt {
    font-size: var(--text-xs);
    color: var(--ink-faint);
  }
  dd {
    font-weight: 620;
  }
  .lines {
    margin-top: 6px;
    font-size: var(--text-xs);
    color: var(--ink-soft);
  }
  @media (width < 640px) {
    dl {
      grid-template-columns: 1fr 1fr;
    }
    .pair {
      grid-template-columns: 1fr;
    }
  }
`
