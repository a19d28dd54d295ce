// The form: draws what Python laid out, sends whole answers back, never scores.
// It knows nothing of kernels: a model with get, set, save_changes, on and off is all it needs.

/**
 * @typedef {{value?: string, note?: string, evidence?: string[], confidence?: number, reason?: string}} Answer
 * @typedef {{answer: Answer, seq: number, who: string, at: string}} Known
 * @typedef {{id: string, criterion: string, answer: Answer, base: number | null, who: string}} Edit
 * @typedef {{get(name: string): any, set(name: string, value: any): void, save_changes(): void,
 *            on(name: string, run: Function): void, off(name: string | null, run?: Function): void}} Model
 */

const NA = "na";
const TYPING_PAUSE = 500; // ms after the last key before a text is sent
const ARROW_PAUSE = 250; // ms: arrow keys pass over answers on the way to the one meant
const ANSWER_WAIT = 5000; // ms without a receipt before the form says "not saved"

/** Make an element; text is always set as text. */
function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "checked") node.checked = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Put values into a sentence: "{count} more". */
const say = (sentence, values = {}) => sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/** Change a node's text only when it differs, so that nothing is announced or drawn twice. */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

const hourAndMinute = (iso) =>
  iso ? new Date(iso).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" }) : "";

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Drop what is empty, so that equal answers look equal. */
function tidy(answer) {
  return Object.fromEntries(
    Object.entries(answer).filter(([, value]) => value !== undefined && value !== null && value !== "" && value.length !== 0),
  );
}

function bar(className = "bar") {
  const value = h("span", { class: "value" });
  const high = h("span", { class: "high" });
  const node = h("div", { class: className, "aria-hidden": "true" }, high, value);
  return {
    node,
    set(now, then = now) {
      value.style.setProperty("--to", now);
      high.style.setProperty("--to", then);
    },
  };
}

/**
 * What this browser has answered and Python has not yet confirmed. At most one edit of a criterion is under way;
 * a later one waits for its receipt, because it is made from what that one leaves. Kept in localStorage until then.
 */
class Outbox {
  constructor(model, prefix) {
    this.model = model;
    this.prefix = prefix;
    /** @type {Map<string, Edit[]>} */
    this.byCriterion = new Map();
    this.timer = undefined;
  }

  get edits() {
    return [...this.byCriterion.values()].map((queue) => queue[0]);
  }

  has(criterion) {
    return this.byCriterion.has(criterion);
  }

  /** The newest answer not yet confirmed. */
  newest(criterion) {
    return this.byCriterion.get(criterion)?.at(-1)?.answer;
  }

  add(edit, pause = 0) {
    const queue = this.byCriterion.get(edit.criterion) ?? [];
    const replaced = queue.findIndex((waiting) => !waiting.sent);
    if (replaced >= 0) {
      this.forget(queue[replaced]);
      queue.splice(replaced, 1);
    }
    queue.push(edit);
    this.byCriterion.set(edit.criterion, queue);
    this.keep(edit);
    clearTimeout(this.timer);
    if (pause) this.timer = setTimeout(() => this.send(), pause);
    else this.send();
  }

  send() {
    clearTimeout(this.timer);
    const edits = this.edits;
    for (const edit of edits) edit.sent = true;
    this.model.set("outbox", edits.map(({ sent, ...edit }) => edit));
    this.model.save_changes();
  }

  /** Take a confirmed edit out; the one that waited for it goes on from the answer now known. */
  done(id, seq) {
    for (const [criterion, queue] of this.byCriterion) {
      const index = queue.findIndex((edit) => edit.id === id);
      if (index < 0) continue;
      this.forget(queue[index]);
      queue.splice(index, 1);
      if (!queue.length) this.byCriterion.delete(criterion);
      for (const edit of queue) edit.base = seq;
      return queue.length > 0;
    }
    return false;
  }

  keep(edit) {
    if (!this.prefix) return;
    try {
      const { sent, ...kept } = edit;
      localStorage.setItem(this.prefix + edit.id, JSON.stringify(kept));
    } catch {
      // A full or forbidden localStorage only loses the second copy; the first is on its way to the server.
    }
  }

  forget(edit) {
    if (this.prefix) {
      try {
        localStorage.removeItem(this.prefix + edit.id);
      } catch {
        // As above.
      }
    }
  }

  /** Edits a page left behind when it was closed or lost its server. */
  leftBehind() {
    const edits = [];
    if (!this.prefix) return edits;
    try {
      for (const name of Object.keys(localStorage).filter((key) => key.startsWith(this.prefix)).sort()) {
        const edit = JSON.parse(localStorage.getItem(name) ?? "null");
        if (edit && typeof edit.criterion === "string" && edit.answer) edits.push(edit);
        else localStorage.removeItem(name);
      }
    } catch {
      // Whatever cannot be read is not ours.
    }
    return edits;
  }
}

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const words = model.get("words");
  const rows = model.get("rows");
  const key = model.get("key");
  const uid = `mlops-${Math.random().toString(36).slice(2, 8)}`;
  const outbox = new Outbox(model, key ? `mlops-widgets:${key}:` : "");
  /** @type {Map<string, Known>} */
  const known = new Map(Object.entries(model.get("answers")));
  const views = new Map();
  const sectionOf = new Map();
  const undone = [];
  let current = rows.sections[0].id;
  let filter = null;
  let shownIds = null;
  let announceNext = false;
  let letters = true;

  for (const section of rows.sections) {
    for (const group of section.groups) {
      for (const item of [...group.criteria, ...group.descriptors]) sectionOf.set(item.id, section.id);
    }
  }

  /** The answer as this browser sees it: its own newest, else what Python confirmed. */
  const answerOf = (id) => outbox.newest(id) ?? known.get(id)?.answer ?? {};

  // ---- Giving answers

  let edits = 0;
  function commit(id, answer, { pause = 0, undo = true, base } = {}) {
    const before = answerOf(id);
    const after = tidy(answer);
    if (same(before, after)) return;
    if (undo) {
      const last = undone.at(-1);
      const typing = last?.id === id && same({ ...last.before, value: 0 }, { ...before, value: 0 }) === false && before.value === after.value;
      if (!typing || last.value !== after.value) undone.push({ id, before, value: after.value });
      undoButton.disabled = false;
    }
    announceNext = true;
    edits += 1;
    outbox.add(
      {
        id: `${Date.now().toString(36)}${edits.toString(36).padStart(4, "0")}${Math.random().toString(36).slice(2, 8)}`,
        criterion: id,
        answer: after,
        base: base !== undefined ? base : known.get(id)?.seq || null,
        who: model.get("who"),
      },
      pause,
    );
    views.get(id)?.show(after);
    showStatus("saving");
    watchForReceipts();
  }

  function undoLast() {
    const step = undone.pop();
    undoButton.disabled = undone.length === 0;
    if (!step) return;
    goTo(step.id, { focus: false });
    commit(step.id, step.before, { undo: false });
    views.get(step.id)?.show(step.before, { force: true });
    live.textContent = say(words.undone, { text: views.get(step.id)?.text ?? "" });
  }

  let waiting;
  function watchForReceipts() {
    clearTimeout(waiting);
    if (outbox.edits.length) waiting = setTimeout(() => outbox.edits.length && showStatus("not_saved"), ANSWER_WAIT);
  }

  // ---- One criterion

  function segments(item, name) {
    return h(
      "div",
      { class: "segments options" },
      ...item.options.map((option) =>
        h(
          "label",
          { class: option.part, title: option.help || undefined },
          h("input", { type: "radio", name, value: option.id, "aria-label": option.id === NA ? option.help : undefined }),
          h("span", { text: option.label, "aria-hidden": option.id === NA ? "true" : undefined }),
        ),
      ),
    );
  }

  function cards(item, name) {
    return h(
      "div",
      { class: "cards options" },
      ...item.options.map((option) =>
        h(
          "label",
          { class: option.part },
          h("input", { type: "radio", name, value: option.id }),
          h("span", { class: "number", text: option.id === NA ? "–" : option.label, "aria-hidden": option.id === NA ? "true" : undefined }),
          h("span", { text: option.id === NA ? option.help : option.text }),
        ),
      ),
    );
  }

  function criterionView(item) {
    const name = `${uid}-${item.id}`;
    const legend = h("legend", { text: item.text });
    const mark = h("p", { class: "mark" });
    const options = item.kind === "anchored" ? cards(item, name) : segments(item, name);
    const fieldset = h("fieldset", { class: "question" }, legend, mark, options);
    const more = h("button", { type: "button", class: "link more", "aria-expanded": "false", onclick: () => unfold(fold === null) });
    const root = h("div", { class: `criterion ${item.kind}`, "data-id": item.id }, fieldset);
    const alerts = h("div", { role: "status" });
    let fold = null;
    let reason = null;
    let note = null;
    let arrow = false;

    const inputs = [...options.querySelectorAll("input")];
    options.addEventListener("keydown", (event) => (arrow = event.key.startsWith("Arrow")));
    options.addEventListener("pointerdown", () => (arrow = false));
    options.addEventListener("change", (event) => {
      commit(item.id, { ...answerOf(item.id), value: event.target.value }, { pause: arrow ? ARROW_PAUSE : 0 });
    });

    /** A text that is sent when typing pauses, and kept in this browser at every key. */
    function textField(field, { tag = "textarea", label, rows: lines = 2, limit, read, write }) {
      const id = `${name}-${field}`;
      const box = h(tag, { id, class: "field", rows: tag === "textarea" ? lines : undefined, maxlength: limit });
      box.value = write(answerOf(item.id)[field]);
      const send = (pause) => commit(item.id, { ...answerOf(item.id), [field]: read(box.value) }, { pause });
      box.addEventListener("input", () => send(TYPING_PAUSE));
      box.addEventListener("change", () => outbox.edits.some((edit) => !edit.sent) && outbox.send());
      return {
        node: h("div", {}, h("label", { class: "label", for: id, text: label }), box),
        box,
        show(answer, force) {
          const text = write(answer[field]);
          const typing = document.activeElement === box && !force;
          if (!typing && read(box.value) !== answer[field] && box.value !== text) box.value = text;
        },
      };
    }
    const plain = { read: (text) => text, write: (text) => text ?? "" };
    const lines = {
      read: (text) => text.split("\n").map((line) => line.trim().slice(0, 500)).filter(Boolean).slice(0, 20),
      write: (list) => (list ?? []).join("\n"),
    };

    if (item.kind === "open") {
      note = textField("note", { label: words.open_answer, rows: 4, limit: 4000, ...plain });
      note.node.className = "answer";
      fieldset.insertBefore(note.node, options);
      fieldset.insertBefore(h("p", { class: "label", text: words.open_rating }), options);
    }

    function makeFold() {
      const confidence = h(
        "fieldset",
        {},
        h("legend", { class: "label", text: words.confidence }),
        h(
          "div",
          { class: "confidence" },
          ...[null, 1, 2, 3, 4, 5].map((value) =>
            h(
              "label",
              {},
              h("input", { type: "radio", name: `${name}-confidence`, value: value ?? "", "aria-label": words[`confidence_${value}`] }),
              h("span", { text: value ?? words.confidence_none }),
            ),
          ),
        ),
      );
      confidence.addEventListener("change", (event) =>
        commit(item.id, { ...answerOf(item.id), confidence: Number(event.target.value) || undefined }),
      );
      const ownNote = item.kind === "open" ? null : textField("note", { label: words.note, rows: 3, limit: 4000, ...plain });
      const evidence = textField("evidence", { label: words.evidence, ...lines });
      const node = h(
        "div",
        { class: "fold" },
        item.help ? h("p", { text: item.help }) : null,
        item.hints ? h("p", { class: "soft", text: item.hints }) : null,
        ownNote?.node,
        evidence.node,
        confidence,
        h("div", {}, h("button", { type: "button", class: "link", text: words.clear, onclick: () => clear() })),
      );
      return {
        node,
        show(answer, force) {
          ownNote?.show(answer, force);
          evidence.show(answer, force);
          for (const input of confidence.querySelectorAll("input")) input.checked = input.value === String(answer.confidence ?? "");
        },
      };
    }

    function clear() {
      commit(item.id, {});
      view.show({}, { force: true });
      inputs[0].focus();
    }

    function unfold(open) {
      if (open && !fold) {
        fold = makeFold();
        fold.show(answerOf(item.id), true);
        more.after(fold.node);
      } else if (!open && fold) {
        fold.node.remove();
        fold = null;
      }
      more.setAttribute("aria-expanded", String(open));
    }

    function askReason(wanted) {
      if (wanted && !reason) {
        reason = textField("reason", { tag: "input", label: words.na_reason, limit: 1000, ...plain });
        reason.node.className = "reason";
        fieldset.after(reason.node);
      } else if (!wanted && reason) {
        reason.node.remove();
        reason = null;
      }
    }

    const view = {
      root,
      text: item.text,
      focus() {
        (inputs.find((input) => input.checked) ?? inputs[0]).focus({ preventScroll: true });
      },
      show(answer, { force = false } = {}) {
        for (const input of inputs) {
          const checked = input.value === answer.value;
          if (input.checked !== checked) input.checked = checked;
        }
        askReason(answer.value === NA);
        reason?.show(answer, force);
        note?.show(answer, force);
        fold?.show(answer, force);
        const count = answer.evidence?.length ?? 0;
        const kept = [
          answer.note && item.kind !== "open" ? words.details_note : "",
          count === 1 ? words.details_link : count ? say(words.details_links, { count }) : "",
          answer.confidence ? say(words.details_confidence, { value: answer.confidence }) : "",
        ].filter(Boolean);
        const by = known.get(item.id);
        const foreign = by?.who && by.who !== model.get("who") && !outbox.has(item.id);
        if (foreign) kept.push(say(words.by, { who: by.who, time: hourAndMinute(by.at) }));
        setText(more, kept.join(" · ") || words.details);
        more.setAttribute("aria-label", `${more.textContent}: ${item.text}`);
      },
      mark(data) {
        const implied = data?.kind === "implied" && !answerOf(item.id).value;
        for (const input of inputs) input.parentElement.classList.toggle("implied", implied && input.value === data.value);
        mark.classList.toggle("act", data?.kind === "contradictory" || data?.kind === "reason");
        root.classList.toggle("outside", data?.kind === "outside");
        mark.replaceChildren();
        if (data?.by) mark.append(h("button", { type: "button", class: "link", text: data.text, onclick: () => goTo(data.by) }));
        else if (data) mark.textContent = data.text;
      },
      alert(...nodes) {
        alerts.replaceChildren(...nodes);
      },
    };
    root.append(more, alerts);
    return view;
  }

  function descriptorView(item) {
    const input = h("input", { type: "checkbox" });
    const mark = h("span", { class: "mark soft" });
    input.addEventListener("change", () => commit(item.id, input.checked ? { value: "yes" } : {}));
    return {
      root: h("div", { "data-id": item.id, class: "descriptor" }, h("label", {}, input, h("span", { text: item.text })), mark),
      text: item.text,
      focus: () => input.focus({ preventScroll: true }),
      show(answer) {
        input.checked = answer.value === "yes";
      },
      mark(data) {
        mark.replaceChildren();
        mark.className = data ? "mark chip act" : "mark";
        if (data) mark.append(h("button", { type: "button", class: "link", text: data.text, onclick: () => goTo(data.by) }));
      },
      alert() {},
    };
  }

  // ---- Sections

  const sectionNodes = new Map();
  const groupNotes = new Map();
  const main = h("div", { class: "main" });
  const empty = h("section", { class: "section", hidden: true }, h("p", { text: words.nothing_found }), h("div", { class: "ends" }, h("button", { type: "button", class: "button", text: words.show_all, onclick: () => showEverything() })));

  for (const section of rows.sections) {
    const node = h("section", { class: "section", "aria-labelledby": `${uid}-${section.id}`, hidden: true });
    sectionNodes.set(section.id, node);
    main.append(node);
  }
  main.append(empty);

  /** Draw a section the first time it is looked at. */
  function build(id) {
    const node = sectionNodes.get(id);
    if (node.childElementCount) return node;
    const index = rows.sections.findIndex((section) => section.id === id);
    const section = rows.sections[index];
    node.append(h("h2", { id: `${uid}-${id}`, tabindex: "-1", text: section.title }));
    if (section.description) node.append(h("p", { class: "description", text: section.description }));
    for (const group of section.groups) {
      const box = h("div", { class: "group" });
      if (group.title) {
        const chip = h("span", { class: "chip", hidden: true });
        groupNotes.set(group.id, chip);
        box.append(h("div", { class: "heading" }, h("h3", { text: group.title }), chip));
      }
      if (group.note) box.append(h("p", { class: "note", text: group.note }));
      const list = group.descriptors.length ? h("div", { class: "descriptors" }) : box;
      if (list !== box) box.append(list);
      for (const item of [...group.criteria, ...group.descriptors]) {
        const view = item.options ? criterionView(item) : descriptorView(item);
        views.set(item.id, view);
        list.append(view.root);
        view.show(answerOf(item.id), { force: true });
      }
      node.append(box);
    }
    const next = rows.sections[index + 1];
    node.append(
      h(
        "div",
        { class: "ends" },
        next ? h("button", { type: "button", class: "button primary", text: say(words.next_section, { title: next.title }), onclick: () => open(next.id, { focus: true }) }) : null,
        h("button", { type: "button", class: "button", text: words.next_unanswered, onclick: () => nextUnanswered() }),
      ),
    );
    showMarks(section.groups.flatMap((group) => [...group.criteria, ...group.descriptors]).map((item) => item.id));
    showGroups();
    return node;
  }

  /** Show one section, or with a filter or a search all that match. */
  function open(id, { focus = false } = {}) {
    if (shownIds) showEverything(false);
    current = id;
    remember();
    for (const [name, node] of sectionNodes) node.hidden = name !== id;
    const node = build(id);
    for (const view of views.values()) view.root.hidden = false;
    for (const group of node.querySelectorAll(".group")) group.hidden = false;
    empty.hidden = true;
    showNav();
    toggle.setAttribute("aria-expanded", "false");
    list.classList.remove("shown");
    if (focus) {
      el.scrollIntoView?.({ block: "start" });
      node.querySelector("h2").focus({ preventScroll: true });
    }
  }

  function goTo(id, { focus = true } = {}) {
    const section = sectionOf.get(id);
    if (!section) return;
    if (shownIds && !shownIds.has(id)) showEverything(false);
    if (!shownIds && section !== current) open(section);
    const view = views.get(id);
    view.root.scrollIntoView({ block: "center" });
    if (focus) view.focus();
  }

  function nextUnanswered() {
    const ids = model.get("summary").filters.unanswered;
    if (!ids.length) {
      live.textContent = words.all_answered;
      return;
    }
    const order = [...sectionOf.keys()];
    const here = order.indexOf(document.activeElement?.closest?.("[data-id]")?.dataset.id ?? "");
    const from = here >= 0 ? here : order.findIndex((id) => sectionOf.get(id) === current) - 1;
    goTo(ids.find((id) => order.indexOf(id) > from) ?? ids[0]);
  }

  // ---- Search and filters

  const search = h("input", { type: "search", class: "field search", placeholder: `${say(words.search, { count: rows.count })}   /`, "aria-label": words.search_label });
  const filters = new Map(
    ["unanswered", "contradictory", "blocking"].map((name) => [
      name,
      h("button", { type: "button", class: "button", "aria-pressed": "false", onclick: () => setFilter(filter === name ? null : name) }),
    ]),
  );

  function setFilter(name) {
    filter = name;
    for (const [other, button] of filters) button.setAttribute("aria-pressed", String(other === name));
    applyFilter();
  }

  /** What matches is decided when the filter is set: an answer given does not make its question jump away. */
  function applyFilter() {
    const wanted = search.value.trim().toLowerCase();
    if (!wanted && !filter) {
      showEverything();
      return;
    }
    const among = filter ? new Set(model.get("summary").filters[filter]) : null;
    shownIds = new Set();
    for (const section of rows.sections) {
      for (const group of section.groups) {
        for (const item of [...group.criteria, ...group.descriptors]) {
          const text = `${item.text} ${item.help ?? ""} ${section.title} ${group.title}`.toLowerCase();
          if ((!among || among.has(item.id)) && text.includes(wanted)) shownIds.add(item.id);
        }
      }
    }
    for (const section of rows.sections) {
      const any = section.groups.some((group) => [...group.criteria, ...group.descriptors].some((item) => shownIds.has(item.id)));
      const node = sectionNodes.get(section.id);
      node.hidden = !any;
      if (any) {
        build(section.id);
        for (const item of node.querySelectorAll("[data-id]")) item.hidden = !shownIds.has(item.dataset.id);
        for (const group of node.querySelectorAll(".group")) group.hidden = !group.querySelector("[data-id]:not([hidden])");
      }
    }
    empty.hidden = shownIds.size > 0;
    showNav();
  }

  function showEverything(reopen = true) {
    shownIds = null;
    filter = null;
    search.value = "";
    for (const button of filters.values()) button.setAttribute("aria-pressed", "false");
    if (reopen) open(current);
  }

  search.addEventListener("input", applyFilter);

  // ---- Left: sections

  const navItems = new Map();
  const list = h("ol", { id: `${uid}-sections` });
  for (const section of rows.sections) {
    const count = h("span", { class: "count" });
    const progress = bar();
    const button = h("button", { type: "button", onclick: () => open(section.id, { focus: true }) }, h("span", { text: section.title }), count, progress.node);
    navItems.set(section.id, { button, count, progress });
    list.append(h("li", {}, button));
  }
  const toggle = h("button", { type: "button", class: "button section-toggle", "aria-expanded": "false", "aria-controls": list.id });
  toggle.addEventListener("click", () => {
    const shown = list.classList.toggle("shown");
    toggle.setAttribute("aria-expanded", String(shown));
  });
  const nav = h("nav", { class: "sections", "aria-label": words.sections }, toggle, list);

  function showNav() {
    const sections = model.get("summary").sections;
    for (const section of rows.sections) {
      const { answered, applicable } = sections[section.id];
      const { button, count, progress } = navItems.get(section.id);
      setText(count, applicable ? `${answered} / ${applicable}` : words.not_applicable);
      count.setAttribute("aria-label", say(words.progress, { answered, applicable }));
      progress.set(applicable ? answered / applicable : 1);
      if (section.id === current && !shownIds) {
        button.setAttribute("aria-current", "true");
        toggle.replaceChildren(h("span", { text: section.title }), h("span", { class: "count", text: `${count.textContent} ▾` }));
      } else button.removeAttribute("aria-current");
    }
  }

  // ---- Right: what it comes to

  const levels = [h("strong"), h("strong")];
  const levelNote = h("span", { class: "soft" });
  const levelName = h("span", { class: "name" });
  const bars = [bar(), bar()];
  const barMarks = [h("span", { class: "mark", "aria-hidden": "true" }), h("span", { class: "mark", "aria-hidden": "true" })];
  const barNow = [h("span", { class: "soft" }), h("span", { class: "soft" })];
  const barThen = h("span", { class: "soft" });
  const barNeeded = h("p", { class: "soft" });
  const blocksTitle = h("h2");
  const blocks = h("ul", { class: "blocks" });
  const blocksMore = h("button", { type: "button", class: "link", onclick: () => setFilter("blocking") });
  const blocksNote = h("p", { class: "soft" });
  const profile = h("ul", { class: "profile" });
  const spokes = new Map();
  const result = h(
    "aside",
    { class: "result", "aria-label": words.result },
    h(
      "section",
      {},
      h("p", { class: "level" }, levels[0], levelNote, levelName),
      h("div", { class: "bar-box" }, bars[0].node, barMarks[0]),
      h("div", { class: "ends-of-bar" }, barNow[0], barThen),
      barNeeded,
    ),
    h("section", {}, blocksTitle, blocks, h("p", {}, blocksMore), blocksNote),
    h("section", {}, h("h2", { text: words.profile }), profile),
  );
  const strip = h("div", { class: "strip", "aria-hidden": "true" }, levels[1], h("div", { class: "bar-box" }, bars[1].node, barMarks[1]), barNow[1]);

  function showSummary() {
    const summary = model.get("summary");
    for (const node of levels) setText(node, summary.level.label);
    setText(levelNote, summary.level.note);
    setText(levelName, summary.level.name);
    bars.forEach((each) => each.set(summary.bar.value, summary.bar.high));
    barMarks.forEach((mark) => {
      mark.hidden = summary.bar.mark === null;
      mark.style.setProperty("--to", summary.bar.mark ?? 0);
    });
    barNow.forEach((node) => setText(node, summary.bar.now));
    setText(barThen, summary.bar.then);
    setText(barNeeded, summary.bar.mark_text);
    showBlocks(summary.blocks);
    for (const spoke of summary.profile) {
      if (!spokes.has(spoke.id)) {
        const parts = { label: h("span", { text: spoke.label, title: spoke.title || undefined }), bar: bar(), text: h("span", { class: "soft" }) };
        spokes.set(spoke.id, parts);
        profile.append(h("li", {}, parts.label, parts.bar.node, parts.text));
      }
      const parts = spokes.get(spoke.id);
      parts.bar.set(spoke.value, spoke.high);
      setText(parts.text, spoke.text);
    }
    for (const [name, button] of filters) {
      const count = summary.filters[name].length;
      setText(button, `${words[`filter_${name}`]} ${count}`);
      button.hidden = name === "contradictory" && count === 0 && filter !== name;
    }
    showNav();
    showGroups();
    showMarks([...views.keys()]);
    if (announceNext) {
      announceNext = false;
      clearTimeout(announcing);
      announcing = setTimeout(() => setText(live, model.get("summary").announce), 700);
    }
  }
  let announcing;

  let shownBlocks = "";
  function showBlocks(data) {
    const text = JSON.stringify(data);
    if (text === shownBlocks) return;
    shownBlocks = text;
    blocksTitle.parentElement.hidden = !data.title && !data.note;
    setText(blocksTitle, data.title);
    blocksTitle.hidden = !data.title;
    const focused = blocks.contains(document.activeElement);
    blocks.replaceChildren(
      ...data.items.map((item) =>
        h(
          "li",
          {},
          h("button", { type: "button", class: "link", text: item.text, onclick: () => goTo(item.id) }),
          item.state ? h("span", { class: "chip", text: item.state }) : null,
          h("span", { class: "soft", text: item.section }),
        ),
      ),
    );
    if (focused) blocks.querySelector("button")?.focus();
    setText(blocksMore, data.more);
    blocksMore.hidden = !data.more;
    setText(blocksNote, data.note);
  }

  function showGroups() {
    for (const [id, note] of Object.entries(model.get("summary").groups)) {
      const chip = groupNotes.get(id);
      if (!chip) continue;
      chip.hidden = false;
      setText(chip, note.text);
      chip.className = note.done ? "chip done" : "chip";
    }
  }

  const shownMarks = new Map();
  function showMarks(ids) {
    const marks = model.get("summary").marks;
    for (const id of ids) {
      const view = views.get(id);
      const text = JSON.stringify([marks[id], Boolean(answerOf(id).value)]);
      if (view && shownMarks.get(id) !== text) {
        shownMarks.set(id, text);
        view.mark(marks[id]);
      }
    }
  }

  // ---- Saving

  const status = h("span", { class: "status", role: "status" });
  function showStatus(state) {
    const told = model.get("status");
    const failed = state === "not_saved" || told.state === "not_saved";
    if (!told.state && !failed) return;
    const text = failed ? words.not_saved : state === "saving" && outbox.edits.length ? words.saving : told.at ? say(words.saved, { time: hourAndMinute(told.at) }) : "";
    setText(status, text);
    status.classList.toggle("act", failed);
  }

  function onReceipts() {
    const answers = model.get("answers");
    let more = false;
    for (const [id, receipt] of Object.entries(model.get("receipts"))) {
      if (receipt.again) continue;
      const criterion = receipt.criterion;
      const current = answers[criterion];
      if (current) known.set(criterion, current);
      const waitingText = outbox.newest(criterion);
      more = outbox.done(id, current?.seq || null) || more;
      const view = views.get(criterion);
      if (receipt.refused) {
        view?.alert(h("p", { class: "alert", text: say(words.refused, { message: receipt.refused }) }));
        if (!outbox.has(criterion)) view?.show({ ...waitingText, value: current?.answer.value });
      } else if (receipt.stale) showConflict(criterion, receipt.answer);
      else view?.alert();
    }
    onAnswers();
    if (more) outbox.send();
    clearTimeout(waiting);
    watchForReceipts();
    showStatus(outbox.edits.length ? "saving" : "saved");
  }

  function label(id, value) {
    for (const section of rows.sections) {
      for (const group of section.groups) {
        const item = group.criteria.find((criterion) => criterion.id === id);
        if (item) return item.options.find((option) => option.id === value)?.label ?? words.conflict_open;
      }
    }
    return value ?? words.conflict_open;
  }

  /** Both answers stand in the store; a person says which one counts. */
  function showConflict(id, mine) {
    goToIfUnbuilt(id);
    const theirs = known.get(id);
    const view = views.get(id);
    view?.show(theirs?.answer ?? {}, { force: true });
    view?.alert(
      h(
        "div",
        { class: "alert" },
        h("p", { text: say(words.conflict, { who: theirs?.who || words.someone, theirs: label(id, theirs?.answer.value), mine: label(id, mine.value) }) }),
        mine.note ? h("p", { text: mine.note }) : null,
        h("button", { type: "button", class: "button", text: words.conflict_keep, onclick: () => (view.alert(), view.focus()) }),
        h("button", { type: "button", class: "button", text: words.conflict_mine, onclick: () => (view.alert(), commit(id, mine), view.show(mine, { force: true }), view.focus()) }),
      ),
    );
  }

  function goToIfUnbuilt(id) {
    if (!views.has(id)) build(sectionOf.get(id));
  }

  function onAnswers() {
    for (const [id, entry] of Object.entries(model.get("answers"))) {
      if (outbox.has(id)) continue;
      const before = known.get(id);
      known.set(id, entry);
      if (!before || before.seq !== entry.seq || !same(before.answer, entry.answer)) views.get(id)?.show(entry.answer);
      else views.get(id)?.show(entry.answer);
    }
  }

  // ---- Keys

  const dialog = h(
    "dialog",
    { class: "keys", "aria-labelledby": `${uid}-keys` },
    h("h2", { id: `${uid}-keys`, text: words.help_title }),
    h(
      "dl",
      {},
      ...[
        ["Tab", words.help_tab],
        ["← ↑ ↓ →", words.help_arrows],
        ["Space", words.help_space],
        ["/", words.help_search],
        ["n", words.help_next],
        ["u", words.help_undo],
        ["?", words.help_help],
      ].flatMap(([name, text]) => [h("dt", {}, h("kbd", { text: name })), h("dd", { text })]),
    ),
    h("label", {}, h("input", { type: "checkbox", checked: true, onchange: (event) => (letters = event.target.checked) }), h("span", { text: words.help_switch })),
    h("button", { type: "button", class: "button", text: words.help_close, onclick: () => dialog.close() }),
  );
  const helpButton = h("button", { type: "button", class: "button keys-button", text: words.help, "aria-haspopup": "dialog", onclick: () => dialog.showModal() });
  const undoButton = h("button", { type: "button", class: "button", text: words.undo, onclick: undoLast });
  undoButton.disabled = true;

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !letters || dialog.open) return;
    const typing = event.target.matches?.("textarea, select, input:not([type=radio]):not([type=checkbox])");
    if (typing) {
      if (event.key === "Escape" && event.target === search) showEverything();
      return;
    }
    const run = {
      "/": () => search.focus(),
      n: nextUnanswered,
      u: undoLast,
      "?": () => dialog.showModal(),
    }[event.key];
    if (run) {
      event.preventDefault();
      event.stopPropagation();
      run();
    }
  }

  // ---- Where one was, for a reload

  function remember() {
    if (!key) return;
    try {
      const id = document.activeElement?.closest?.("[data-id]")?.dataset.id ?? "";
      sessionStorage.setItem(`mlops-widgets:at:${key}`, JSON.stringify({ section: current, id }));
    } catch {
      // Without sessionStorage a reload starts at the first section.
    }
  }

  function recall() {
    if (!key) return {};
    try {
      return JSON.parse(sessionStorage.getItem(`mlops-widgets:at:${key}`) ?? "{}");
    } catch {
      return {};
    }
  }

  // ---- Put together

  const live = h("p", { class: "unseen", "aria-live": "polite" });
  const top = h(
    "div",
    { class: "top" },
    strip,
    h("div", { class: "tools", role: "search" }, search, h("span", { class: "unseen", text: words.filter_label }), ...filters.values(), undoButton, helpButton, status),
  );
  const root = h("div", { class: "mlops mlops-form" }, top, h("div", { class: "columns" }, nav, main, result), dialog, live);
  root.addEventListener("keydown", onKey);
  root.addEventListener("focusin", remember);
  const onPage = (event) => (event.target === document.body ? onKey(event) : undefined);
  document.addEventListener("keydown", onPage);
  el.append(root);

  const left = outbox.leftBehind();
  for (const edit of left) {
    if (!sectionOf.has(edit.criterion)) continue;
    const queue = outbox.byCriterion.get(edit.criterion) ?? [];
    outbox.byCriterion.set(edit.criterion, [...queue, edit]);
  }
  const at = recall();
  open(sectionNodes.has(at.section) ? at.section : current);
  showSummary();
  if (at.id && views.has(at.id)) {
    views.get(at.id).root.scrollIntoView({ block: "center" });
    views.get(at.id).focus();
  }
  showStatus("saved");
  if (left.length) {
    outbox.send();
    watchForReceipts();
  }

  const onStatus = () => showStatus(outbox.edits.length ? "saving" : "saved");
  model.on("change:summary", showSummary);
  model.on("change:answers", onAnswers);
  model.on("change:receipts", onReceipts);
  model.on("change:status", onStatus);
  return () => {
    document.removeEventListener("keydown", onPage);
    for (const [name, run] of [["summary", showSummary], ["answers", onAnswers], ["receipts", onReceipts], ["status", onStatus]]) model.off(`change:${name}`, run);
  };
}

export default { render };
