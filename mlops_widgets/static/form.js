// The form: draws what Python laid out, sends whole answers back, never scores.
// It knows nothing of kernels: a model with get, set, save_changes, on and off is all it needs.

/**
 * @typedef {{value?: string, note?: string, evidence?: string[], confidence?: number, reason?: string}} Answer
 * @typedef {{answer: Answer, seq: number, who: string, at: string}} Known
 * @typedef {{get(name: string): any, set(name: string, value: any): void, save_changes(): void,
 *            on(name: string, run: Function): void, off(name: string | null, run?: Function): void}} Model
 */

const ANNOUNCE_PAUSE = 700; // ms: a screen reader hears the score once a person stops, not at every answer
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
  const place = new Map(); // id of a criterion or descriptor -> its section, in the order they are read
  const itemsOf = (section) => section.groups.flatMap((group) => [...group.criteria, ...group.descriptors]);
  for (const section of rows.sections) for (const item of itemsOf(section)) place.set(item.id, section);
  let current = rows.sections[0];

  /** Whose answers these are: as Python says, or as was typed on the start page. */
  const who = () => model.get("who") || (key && kept("localStorage", NAME)) || "";
  /** The answer as this browser sees it: its own newest, else what Python confirmed. */
  const answerOf = (id) => outbox.newest(id) ?? known.get(id)?.answer ?? {};

  // ---- Giving answers

  const undone = [];
  let announceNext = false;

  function commit(id, answer, { pause = 0, undo = true, force = false } = {}) {
    const before = answerOf(id);
    const after = tidy(answer);
    if (same(before, after)) return;
    if (undo) rememberForUndo(id, before, after);
    announceNext = true;
    outbox.add({ criterion: id, answer: after, base: known.get(id)?.seq || null, who: who() }, pause);
    views.get(id)?.show(after, { force });
    showStatus();
    outbox.watch(showStatus);
  }

  /** A text typed in one go is one step back, not one for each key. */
  function rememberForUndo(id, before, after) {
    const last = undone.at(-1);
    const typing = before.value === after.value && last?.id === id && last.typing;
    if (typing) last.after = after;
    else undone.push({ id, before, after, typing: before.value === after.value });
    undoButton.disabled = false;
  }

  function undoLast() {
    const step = undone.pop();
    const isPressed = document.activeElement === undoButton;
    undoButton.disabled = undone.length === 0;
    if (!step) return;
    // A button that is switched off loses the focus: it goes to what was undone.
    goTo(step.id, { focus: isPressed && undoButton.disabled });
    // Only one's own answer is taken back, never what somebody else made of it.
    if (!same(answerOf(step.id), step.after)) {
      live.textContent = say(words.not_undone, { text: views.get(step.id).text });
      return;
    }
    commit(step.id, step.before, { undo: false, force: true });
    live.textContent = say(words.undone, { text: views.get(step.id).text });
  }

  // ---- Sections in the middle

  const form = {
    words,
    uid,
    answerOf,
    commit,
    goTo,
    send: () => outbox.flush(),
    /** Who gave the answer that stands, where it was somebody else. */
    seenBy(id) {
      const by = known.get(id);
      return by?.who && by.who !== who() && !outbox.has(id) ? by : null;
    },
  };
  const sectionNodes = new Map();
  const nextButtons = [];
  const groupNotes = new Map();
  const main = h("div", { class: "main" });
  for (const section of rows.sections) {
    const node = h("section", { class: "section", "aria-labelledby": `${uid}-${section.id}`, hidden: true });
    sectionNodes.set(section.id, node);
    main.append(node);
  }
  const nothing = h(
    "section",
    { class: "section", hidden: true },
    h("p", { text: words.nothing_found }),
    h("div", { class: "ends" }, h("button", { type: "button", class: "button", text: words.show_all, onclick: () => open(current) })),
  );
  main.append(nothing);

  function groupNode(group) {
    const box = h("div", { class: "group" });
    if (group.title) {
      const chip = h("span", { class: "chip", hidden: true });
      groupNotes.set(group.id, chip);
      box.append(h("div", { class: "heading" }, h("h3", { text: group.title }), chip));
    }
    if (group.note) box.append(h("p", { class: "note", text: group.note }));
    const ticks = h("div", { class: "descriptors" });
    for (const [items, view, into] of [
      [group.criteria, criterionView, box],
      [group.descriptors, descriptorView, ticks],
    ]) {
      for (const item of items) {
        views.set(item.id, view(form, item));
        into.append(views.get(item.id).root);
        views.get(item.id).show(answerOf(item.id), { force: true });
      }
    }
    if (group.descriptors.length) box.append(ticks);
    return box;
  }

  /** Draw a section the first time it is looked at. */
  function build(section) {
    const node = sectionNodes.get(section.id);
    if (node.childElementCount) return node;
    const next = rows.sections[rows.sections.indexOf(section) + 1];
    const button = h("button", { type: "button", class: "button", onclick: nextUnanswered });
    nextButtons.push(button);
    node.append(
      h("h2", { id: `${uid}-${section.id}`, tabindex: "-1", text: section.title }),
      section.description && h("p", { class: "description", text: section.description }),
      ...section.groups.map(groupNode),
      h(
        "div",
        { class: "ends" },
        next && h("button", { type: "button", class: "button primary", text: say(words.next_section, { title: next.title }), onclick: () => open(next, { focus: true }) }),
        button,
      ),
    );
    showMarks(itemsOf(section).map((item) => item.id));
    showGroups();
    showNext();
    return node;
  }

  /** Show one whole section. */
  function open(section, { focus = false } = {}) {
    current = section;
    clearFilter();
    build(section);
    for (const [id, node] of sectionNodes) node.hidden = id !== section.id;
    for (const hidden of main.querySelectorAll("[data-id][hidden], .group[hidden]")) hidden.hidden = false;
    nothing.hidden = true;
    unfoldSections(false);
    showSections();
    remember();
    if (focus) {
      root.scrollIntoView({ block: "start" });
      sectionNodes.get(section.id).querySelector("h2").focus({ preventScroll: true });
    }
  }

  function goTo(id, { focus = true } = {}) {
    if (!place.has(id)) return;
    if (shown ? !shown.has(id) : place.get(id) !== current) open(place.get(id));
    views.get(id).root.scrollIntoView({ block: "center" });
    if (focus) views.get(id).focus();
  }

  function nextUnanswered() {
    const open = model.get("summary").filters.unanswered;
    if (!open.length) {
      live.textContent = words.all_answered;
      return;
    }
    const order = [...place.keys()];
    const here = document.activeElement?.closest?.("[data-id]")?.dataset.id;
    const from = here ? order.indexOf(here) : order.findIndex((id) => place.get(id) === current) - 1;
    goTo(open.find((id) => order.indexOf(id) > from) ?? open[0]);
  }

  // ---- Search and filters

  let filter = null;
  /** @type {Set<string> | null} what a search or filter shows; null while one section is shown */
  let shown = null;
  const search = h("input", {
    type: "search",
    class: "field search",
    placeholder: `${say(words.search, { count: rows.count })}   /`,
    "aria-label": words.search_label,
    oninput: applyFilter,
    onkeydown: (event) => event.key === "Escape" && open(current),
  });
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

  function clearFilter() {
    shown = filter = null;
    search.value = "";
    for (const button of filters.values()) button.setAttribute("aria-pressed", "false");
  }

  /** What matches is decided when the filter is set: an answer given does not make its question jump away. */
  function applyFilter() {
    const wanted = search.value.trim().toLowerCase();
    if (!wanted && !filter) {
      open(current);
      return;
    }
    const among = filter && new Set(model.get("summary").filters[filter]);
    shown = new Set();
    for (const section of rows.sections) {
      for (const item of itemsOf(section)) {
        const text = `${item.id} ${item.text} ${item.help ?? ""} ${section.title}`.toLowerCase();
        if ((!among || among.has(item.id)) && text.includes(wanted)) shown.add(item.id);
      }
      const node = sectionNodes.get(section.id);
      node.hidden = !itemsOf(section).some((item) => shown.has(item.id));
      if (node.hidden) continue;
      build(section);
      for (const item of node.querySelectorAll("[data-id]")) item.hidden = !shown.has(item.dataset.id);
      for (const group of node.querySelectorAll(".group")) group.hidden = !group.querySelector("[data-id]:not([hidden])");
    }
    nothing.hidden = shown.size > 0;
    showSections();
  }

  // ---- Sections at the left

  const tabs = new Map();
  const list = h("ol", { id: `${uid}-sections` });
  for (const section of rows.sections) {
    const tab = { count: h("span", { class: "count" }), bar: bar() };
    tab.button = h("button", { type: "button", onclick: () => open(section, { focus: true }) }, h("span", { text: section.title }), tab.count, tab.bar.node);
    tabs.set(section.id, tab);
    list.append(h("li", {}, tab.button));
  }
  const toggleTitle = h("span");
  const toggleCount = h("span", { class: "count" });
  const toggle = h(
    "button",
    { type: "button", class: "button section-toggle", "aria-expanded": "false", "aria-controls": list.id, onclick: () => unfoldSections(!list.classList.contains("shown")) },
    toggleTitle,
    toggleCount,
  );
  const nav = h("nav", { class: "sections", "aria-label": words.sections }, toggle, list);

  function unfoldSections(wanted) {
    list.classList.toggle("shown", wanted);
    toggle.setAttribute("aria-expanded", String(wanted));
  }

  function showSections() {
    const counts = model.get("summary").sections;
    for (const [id, tab] of tabs) {
      const { answered, applicable } = counts[id];
      setText(tab.count, applicable ? `${answered} / ${applicable}` : words.not_applicable);
      tab.bar.set(applicable ? answered / applicable : 1);
      if (id === current.id && !shown) tab.button.setAttribute("aria-current", "true");
      else tab.button.removeAttribute("aria-current");
    }
    setText(toggleTitle, current.title);
    setText(toggleCount, `${tabs.get(current.id).count.textContent} ▾`);
  }

  // ---- What the score says

  const result = resultView(words, {
    goTo,
    showBlocking() {
      setFilter("blocking");
      if (shown.size) goTo([...shown][0]);
    },
  });
  let announcing;

  function showSummary() {
    const summary = model.get("summary");
    result.show(summary);
    for (const [name, button] of filters) {
      const count = summary.filters[name].length;
      setText(button, `${words[`filter_${name}`]} ${count}`);
      button.hidden = name === "contradictory" && count === 0 && filter !== name;
    }
    showSections();
    showGroups();
    showNext();
    showMarks(views.keys());
    if (announceNext) {
      announceNext = false;
      clearTimeout(announcing);
      announcing = setTimeout(() => setText(live, model.get("summary").announce), ANNOUNCE_PAUSE);
    }
  }

  function showGroups() {
    for (const [id, note] of Object.entries(model.get("summary").groups)) {
      const chip = groupNotes.get(id);
      if (!chip) continue;
      chip.hidden = false;
      chip.className = note.done ? "chip done" : "chip";
      setText(chip, note.text);
    }
  }

  /** The way to what is open, which says so once nothing is. */
  function showNext() {
    const isOpen = model.get("summary").filters.unanswered.length > 0;
    for (const button of nextButtons) {
      setText(button, isOpen ? words.next_unanswered : words.all_answered);
      button.disabled = !isOpen;
    }
  }

  const shownMarks = new Map();
  function showMarks(ids) {
    const marks = model.get("summary").marks;
    for (const id of ids) {
      const text = JSON.stringify([marks[id], answerOf(id).value]);
      if (shownMarks.get(id) === text) continue;
      shownMarks.set(id, text);
      views.get(id).mark(marks[id]);
    }
  }

  // ---- Saving

  const status = h("span", { class: "status" });
  const showStatus = () => showSaved(status, { model, outbox, words, live });

  function onReceipts() {
    const answers = model.get("answers");
    for (const [id, receipt] of Object.entries(model.get("receipts").edits ?? {})) {
      if (receipt.again) continue;
      const { criterion } = receipt;
      const standing = answers[criterion];
      if (standing) known.set(criterion, standing);
      outbox.done(id, standing?.seq || null);
      if (receipt.refused) {
        outbox.drop(criterion);
        views.get(criterion)?.alert(h("p", { class: "alert", text: say(words.refused, { message: receipt.refused }) }));
      } else if (receipt.stale) showConflict(criterion, outbox.drop(criterion) ?? receipt.answer);
      else settle(criterion);
    }
    onAnswers();
    outbox.flush();
    outbox.watch(showStatus);
    showStatus();
  }

  /** Take in the answers that stand, but never over one of this browser's own that is still on its way. */
  function onAnswers() {
    for (const [id, entry] of Object.entries(model.get("answers"))) {
      if (outbox.has(id) || views.get(id)?.isInUse()) continue;
      known.set(id, entry);
      views.get(id)?.show(entry.answer);
    }
  }

  // ---- Two people, one question

  const conflicts = new Set();
  const conflictButton = h("button", { type: "button", class: "button act", hidden: true, onclick: () => goTo([...conflicts][0]) });

  function settle(id) {
    conflicts.delete(id);
    views.get(id)?.alert();
    showConflicts();
  }

  function showConflicts() {
    conflictButton.hidden = conflicts.size === 0;
    setText(conflictButton, say(words.conflicts, { count: conflicts.size }));
  }

  function label(id, value) {
    const item = itemsOf(place.get(id)).find((each) => each.id === id);
    return item?.options?.find((option) => option.id === value)?.label ?? words.conflict_open;
  }

  /** Both answers stand in the history; a person says which one counts. */
  function showConflict(id, mine) {
    const theirs = known.get(id);
    build(place.get(id));
    const view = views.get(id);
    const choose = (text, run) =>
      h("button", {
        type: "button",
        class: "button",
        text,
        onclick() {
          settle(id);
          run();
          view.focus();
        },
      });
    conflicts.add(id);
    showConflicts();
    live.textContent = conflictButton.textContent;
    view.show(theirs?.answer ?? {}, { force: true });
    view.alert(
      h(
        "div",
        { class: "alert" },
        h("p", { text: say(words.conflict, { who: theirs?.who || words.someone, theirs: label(id, theirs?.answer.value), mine: label(id, mine.value) }) }),
        theirs?.answer.note && theirs.answer.note !== mine.note && h("p", { text: say(words.conflict_their_note, { note: theirs.answer.note }) }),
        mine.note && theirs?.answer.note !== mine.note && h("p", { text: say(words.conflict_my_note, { note: mine.note }) }),
        choose(words.conflict_keep, () => {}),
        choose(words.conflict_mine, () => commit(id, mine, { force: true })),
      ),
    );
  }

  // ---- Where one was, for a reload

  function remember() {
    if (!key) return;
    const id = document.activeElement?.closest?.("[data-id]")?.dataset.id ?? "";
    keep("sessionStorage", `mlops-widgets:at:${key}`, JSON.stringify({ section: current.id, id }));
  }

  function recall() {
    const at = key ? keptParts(`mlops-widgets:at:${key}`) : {};
    open(rows.sections.find((section) => section.id === at.section) ?? current);
    // Seen again, but not in focus: keys still being pressed must not become answers.
    if (at.id && views.has(at.id)) goTo(at.id, { focus: false });
  }

  // ---- Put together

  const undoButton = h("button", { type: "button", class: "button", text: words.undo, onclick: undoLast });
  undoButton.disabled = true;
  const keys = keyboard(words, uid, {
    "/": { text: words.help_search, run: () => search.focus() },
    n: { text: words.help_next, run: nextUnanswered },
    u: { text: words.help_undo, run: undoLast },
  });
  function press(event) {
    if (!isUndo(event)) {
      keys.press(event);
      return;
    }
    event.preventDefault(); // a browser alone would take the last text back, wherever that was
    undoLast();
  }
  const helpButton = h("button", { type: "button", class: "button keys-button", text: words.help, "aria-haspopup": "dialog", onclick: keys.show });
  const live = h("p", { class: "unseen", "aria-live": "polite" });
  const name = h("input", { id: `${uid}-who`, class: "field", maxlength: 200, autocomplete: "name", onchange: () => keep("localStorage", NAME, name.value.trim()) });
  name.value = kept("localStorage", NAME);
  if (key && !model.get("who")) {
    result.aside.append(h("section", {}, h("label", { class: "label", for: name.id, text: words.who }), name, h("p", { class: "soft", text: words.who_hint })));
  }
  const root = h(
    "div",
    { class: "mlops mlops-form", onkeydown: press, onfocusin: remember, onfocusout: () => setTimeout(onAnswers) },
    result.strip,
    h("div", { class: "top" }, h("div", { class: "tools", role: "search" }, search, conflictButton, ...filters.values(), undoButton, helpButton, status)),
    h("div", { class: "columns" }, nav, main, result.aside),
    keys.dialog,
    live,
  );
  el.append(root);

  outbox.takeUp((criterion) => place.has(criterion));
  recall();
  showSummary();
  showStatus();
  outbox.flush();
  outbox.watch(showStatus);

  // Keys work as well while nothing on the page has the focus.
  const onPage = (event) => event.target === document.body && press(event);
  document.addEventListener("keydown", onPage);
  // What is still being typed goes out before the page does.
  const onLeave = () => outbox.flush();
  for (const name of ["beforeunload", "pagehide"]) addEventListener(name, onLeave);
  const listeners = { summary: showSummary, answers: onAnswers, receipts: onReceipts, status: showStatus };
  for (const [name, run] of Object.entries(listeners)) model.on(`change:${name}`, run);
  return () => {
    document.removeEventListener("keydown", onPage);
    for (const name of ["beforeunload", "pagehide"]) removeEventListener(name, onLeave);
    for (const [name, run] of Object.entries(listeners)) model.off(`change:${name}`, run);
  };
}

export default { render };
