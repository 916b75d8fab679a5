import { css } from 'lit'

export const styles = css`
  article {
    background: var(--panel);
    border: 1px solid var(--rule);
    border-radius: var(--radius);
    padding: 14px 16px;
    display: grid;
    gap: 10px;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 4px 10px;
  }
  h2 {
    font-size: var(--text-l);
    font-weight: 650;
    overflow-wrap: anywhere;
  }
  .mode {
    font-size: var(--text-xs);
    color: var(--ink-soft);
    border: 1px solid var(--rule);
    border-radius: 9px;
    padding: 1px 8px;
  }
  .signature {
    width: 100%;
    font-family: var(--font-figures);
    font-size: var(--text-s);
    color: var(--ink-faint);
    overflow-wrap: anywhere;
  }
  form {
    display: grid;
    gap: 10px;
  }
  fieldset {
    display: grid;
    gap: 8px;
    padding: 8px 12px 10px;
    border: 1px solid var(--rule);
    border-radius: var(--radius-s);
  }
  legend {
    padding: 0 4px;
  }
  label.name {
    display: grid;
    gap: 3px;
    justify-items: start;
  }
  label.name > .label,
  legend .label,
  .check .label {
    font-weight: 550;
  }
  .type {
    color: var(--ink-faint);
    font-size: var(--text-xs);
    font-family: var(--font-figures);
  }
  input:not([type='checkbox'], [type='file']),
  select,
  textarea {
    width: 100%;
    min-height: 30px;
    padding: 4px 8px;
    border: 1px solid var(--rule-strong);
    border-radius: var(--radius-s);
    background: var(--raised);
    font: inherit;
    color: inherit;
  }
  select {
    width: auto;
    max-width: 100%;
  }
  textarea {
    resize: vertical;
  }
  input[aria-invalid='true'] {
    border-color: var(--coral);
  }
  .within,
  .item {
    display: grid;
    gap: 6px;
    padding-inline-start: 14px;
    border-inline-start: 2px solid var(--rule);
  }
  .item {
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: end;
  }
  .check {
    display: flex;
    gap: 8px;
    align-items: center;
  }
  .wrong {
    color: var(--coral);
    font-size: var(--text-s);
  }
  .button {
    justify-self: start;
  }
  .answer {
    border-top: 1px solid var(--rule);
    padding-top: 10px;
    display: grid;
    gap: 4px;
  }
  pre {
    margin: 0;
    padding: 10px 12px;
    border-radius: var(--radius-s);
    background: var(--sunk);
    font-family: var(--font-figures);
    font-size: var(--text-s);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    max-height: 24rem;
    overflow: auto;
  }
  .refused pre {
    color: var(--coral);
  }
`
