// What waits for Python's receipt.

/**
 * @typedef {{id: string, criterion: string, answer: object, base: number | null, who: string, sent?: boolean}} Edit
 */

/** Half of a character, as cutting an emoji leaves it, cannot be sent: it would hold up every answer after it. */
const wellFormed = (value) =>
  typeof value === "string" ? value.toWellFormed() : Array.isArray(value) ? value.map(wellFormed) : value;

/** Drop what is empty, so that equal answers look equal. */
function tidy(answer) {
  const kept = Object.entries(answer).filter(([, value]) => value && value.length !== 0);
  return Object.fromEntries(kept.map(([name, value]) => [name, wellFormed(value)]));
}

/**
 * What this browser has answered and Python has not yet confirmed. Of one criterion at most one edit is on its way; a
 * later one waits for that one's receipt, because it is made from what that one leaves. Until its receipt comes an edit
 * is kept in localStorage as well, for the next page to send should this one lose its server.
 */
class Outbox {
  constructor(model, prefix) {
    this.model = model;
    this.prefix = prefix;
    /** @type {Map<string, Edit[]>} */
    this.queues = new Map();
    this.count = 0;
    this.attempt = 0;
    this.timer = undefined;
  }

  get isEmpty() {
    return this.queues.size === 0;
  }

  has(criterion) {
    return this.queues.has(criterion);
  }

  /** The newest answer not yet confirmed. */
  newest(criterion) {
    return this.queues.get(criterion)?.at(-1)?.answer;
  }

  /** Take an edit; it replaces one of the same criterion that has not been sent. */
  add(edit, pause = 0) {
    const queue = this.queues.get(edit.criterion) ?? [];
    if (queue.length && !queue.at(-1).sent) this.forget(queue.pop());
    this.count += 1;
    const order = `${Date.now().toString(36)}-${String(this.count).padStart(5, "0")}`;
    const whole = { id: `${order}-${Math.random().toString(36).slice(2, 8)}`, ...edit };
    queue.push(whole);
    this.queues.set(edit.criterion, queue);
    this.keep(whole);
    clearTimeout(this.timer);
    if (pause) this.timer = setTimeout(() => this.flush(), pause);
    else this.flush();
  }

  /** Send what has not been sent; Python knows an edit it has seen by its id. */
  flush() {
    clearTimeout(this.timer);
    const first = [...this.queues.values()].map((queue) => queue[0]);
    if (first.every((edit) => edit.sent)) return;
    for (const edit of first) edit.sent = true;
    this.model.set("outbox", first.map(({ sent, ...edit }) => ({ ...edit, attempt: this.attempt })));
    this.model.save_changes();
  }

  /** Send everything again, for what was sent may have been lost with its connection. */
  again() {
    this.attempt += 1;
    for (const queue of this.queues.values()) for (const edit of queue) edit.sent = false;
    this.flush();
  }

  /** Take everything about a criterion out; gives the newest answer that was to be sent. */
  drop(criterion) {
    const queue = this.queues.get(criterion) ?? [];
    for (const edit of queue) this.forget(edit);
    this.queues.delete(criterion);
    return queue.at(-1)?.answer;
  }

  /** Take a confirmed edit out; the one that waited for it goes on from the answer that stands now. */
  done(id, seq) {
    for (const [criterion, queue] of this.queues) {
      const index = queue.findIndex((edit) => edit.id === id);
      if (index < 0) continue;
      this.forget(...queue.splice(index, 1));
      for (const edit of queue) edit.base = seq;
      if (!queue.length) this.queues.delete(criterion);
    }
  }

  /** Take up what an earlier page left behind, oldest first. */
  takeUp(isKnown) {
    for (const edit of this.leftBehind()) {
      if (!isKnown(edit.criterion)) continue;
      this.queues.set(edit.criterion, [...(this.queues.get(edit.criterion) ?? []), { ...edit, answer: tidy(edit.answer) }]);
    }
  }

  keep({ sent, ...edit }) {
    this.store((storage) => storage.setItem(this.prefix + edit.id, JSON.stringify(edit)));
  }

  forget(edit) {
    this.store((storage) => storage.removeItem(this.prefix + edit.id));
  }

  leftBehind() {
    const read = this.store((storage) =>
      Object.keys(storage)
        .filter((name) => name.startsWith(this.prefix))
        .sort()
        .map((name) => JSON.parse(storage.getItem(name))),
    );
    return (read ?? []).filter((edit) => typeof edit?.criterion === "string" && edit.answer);
  }

  /** localStorage may be full or forbidden; then only the second copy is missing, the first is on its way. */
  store(use) {
    if (!this.prefix) return undefined;
    try {
      return use(localStorage);
    } catch {
      return undefined;
    }
  }
}
