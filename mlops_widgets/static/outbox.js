// What waits for Python's receipt.

/**
 * An edit names what it is about and what is to stand there; under which names it says so is the widget's choice, such
 * as `criterion` and `answer`.
 * @typedef {{id: string, base: number | string | null, who: string, sent?: boolean}} Edit
 */

const RECEIPT_WAIT = 5000; // ms without a receipt before a page says "not saved"

/** Half of a character, as cutting an emoji leaves it, cannot be sent: it would hold up every answer after it. */
function wellFormed(value) {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (!value || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, wellFormed(each)]));
}

/** Drop what is empty, so that equal contents look equal. */
function tidy(content) {
  const kept = Object.entries(content).filter(([name, value]) => (name === "value" && value === 0) || (value && value.length !== 0));
  return Object.fromEntries(kept.map(([name, value]) => [name, wellFormed(value)]));
}

/**
 * What this browser has changed and Python has not yet confirmed. About one thing at most one edit is on its way; a
 * later one waits for that one's receipt, because it is made from what that one leaves. Until its receipt comes an edit
 * is kept in localStorage as well, for the next page to send should this one lose its server.
 */
class Outbox {
  constructor(model, prefix, { about = "criterion", what = "answer" } = {}) {
    this.model = model;
    this.prefix = prefix;
    this.about = about;
    this.what = what;
    /** @type {Map<string, Edit[]>} */
    this.queues = new Map();
    this.count = 0;
    this.attempt = 0;
    this.timer = undefined;
    this.waiting = undefined;
    /** Whether something has waited for its receipt for too long. */
    this.late = false;
  }

  get isEmpty() {
    return this.queues.size === 0;
  }

  has(key) {
    return this.queues.has(key);
  }

  /** What everything that waits is about. */
  keys() {
    return [...this.queues.keys()];
  }

  /** The newest that is not yet confirmed. */
  newest(key) {
    return this.queues.get(key)?.at(-1)?.[this.what];
  }

  /** Take an edit; it replaces one about the same that has not been sent. */
  add(edit, pause = 0) {
    const queue = this.queues.get(edit[this.about]) ?? [];
    if (queue.length && !queue.at(-1).sent) this.forget(queue.pop());
    this.count += 1;
    const order = `${Date.now().toString(36)}-${String(this.count).padStart(5, "0")}`;
    const whole = { id: `${order}-${Math.random().toString(36).slice(2, 8)}`, ...edit };
    queue.push(whole);
    this.queues.set(edit[this.about], queue);
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

  /** Send again what gets no receipt in time, and tell of it. */
  watch(onLate) {
    clearTimeout(this.waiting);
    this.late = false;
    if (this.isEmpty) return;
    this.waiting = setTimeout(() => {
      this.again();
      this.watch(onLate);
      this.late = true;
      onLate();
    }, RECEIPT_WAIT);
  }

  /** Take everything about something out; gives the newest that was to be sent. */
  drop(key) {
    const queue = this.queues.get(key) ?? [];
    for (const edit of queue) this.forget(edit);
    this.queues.delete(key);
    return queue.at(-1)?.[this.what];
  }

  /** Take a confirmed edit out; the one that waited for it goes on from what stands now. */
  done(id, seq) {
    for (const [key, queue] of this.queues) {
      const index = queue.findIndex((edit) => edit.id === id);
      if (index < 0) continue;
      this.forget(...queue.splice(index, 1));
      for (const edit of queue) edit.base = seq;
      if (!queue.length) this.queues.delete(key);
    }
  }

  /** Take up what an earlier page left behind, oldest first. */
  takeUp(isKnown) {
    for (const edit of this.leftBehind()) {
      const key = edit[this.about];
      if (!isKnown(key)) continue;
      this.queues.set(key, [...(this.queues.get(key) ?? []), { ...edit, [this.what]: tidy(edit[this.what]) }]);
    }
  }

  keep({ sent, ...edit }) {
    this.store((storage) => storage.setItem(this.prefix + edit.id, JSON.stringify(edit)));
  }

  forget(edit) {
    this.store((storage) => storage.removeItem(this.prefix + edit.id));
  }

  /** What earlier pages left; what cannot be read holds up nothing else. */
  leftBehind() {
    const names = this.store((storage) => Object.keys(storage).filter((name) => name.startsWith(this.prefix))) ?? [];
    const edits = names.sort().map((name) => this.store((storage) => JSON.parse(storage.getItem(name))));
    return edits.filter((edit) => typeof edit?.[this.about] === "string" && edit[this.what]);
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

/** Say whether everything is saved; a screen reader hears once that it is not. */
function showSaved(node, { model, outbox, words, live }) {
  const told = model.get("status");
  const failed = outbox.late || told.state === "not_saved";
  if (!told.state && !failed) return;
  if (failed && !node.classList.contains("act")) live.textContent = words.not_saved;
  node.classList.toggle("act", failed);
  if (failed) setText(node, words.not_saved);
  else if (!outbox.isEmpty) setText(node, words.saving);
  else setText(node, told.at ? say(words.saved, { time: hourAndMinute(told.at) }) : "");
}
