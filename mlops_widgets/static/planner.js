// The plan page: draws what Python laid out, sends whole items and single fields back, never scores.
// Like the form it knows nothing of kernels: a model with get, set, save_changes, on and off is all it needs.

const ANNOUNCE_PAUSE = 700; // ms: a screen reader hears where the plan leads once a person stops

/** @param {{model: any, el: HTMLElement}} context */
function render({ model, el }) {
  const words = model.get("words");
  const rows = model.get("rows");
  const key = model.get("key");
  const uid = `mlops-${Math.random().toString(36).slice(2, 8)}`;
  const outbox = new Outbox(model, key ? `mlops-widgets-plan:${key}:` : "", { about: "key", what: "content" });
  /** What Python has confirmed, as far as this browser has shown it: content and what tells a later one from it. */
  const known = new Map(Object.entries(model.get("entries")));
  const who = () => model.get("who") || (key && kept("localStorage", NAME)) || "";
  const contentOf = (about) => outbox.newest(about) ?? known.get(about)?.content ?? {};
  const live = h("p", { class: "unseen", "aria-live": "polite" });

  // ---- Changing something

  const undone = [];
  let announceNext = false;

  function commit(about, content, { pause = 0, undo = true, group } = {}) {
    const before = contentOf(about);
    const after = tidy(content);
    if (same(before, after)) return;
    if (undo) rememberForUndo(about, before, after, group);
    announceNext = true;
    outbox.add({ key: about, content: after, base: known.get(about)?.seq || null, who: who() }, pause);
    showPlan();
    fields.show();
    showStatus();
    outbox.watch(showStatus);
  }

  /** What is typed in one go is one step back, not one for each key. */
  function rememberForUndo(about, before, after, group) {
    const typed = Object.keys({ ...before, ...after }).filter((name) => !same(before[name], after[name])).join();
    const last = undone.at(-1);
    if (last?.key === about && last.typed === typed && document.activeElement?.matches("input:not([type=checkbox]), textarea")) last.after = after;
    else undone.push({ key: about, before, after, typed, group });
    undoButton.disabled = false;
  }

  function undoLast() {
    const step = undone.pop();
    const focused = document.activeElement;
    undoButton.disabled = undone.length === 0;
    if (!step) return;
    const what = alerts.nameOf(step.key, step.after);
    // Only one's own change is taken back, never what somebody else made of it.
    if (!same(contentOf(step.key), step.after)) live.textContent = say(words.not_undone, { what });
    else {
      commit(step.key, step.before, { undo: false });
      live.textContent = say(words.undone, { what });
    }
    if (step.group && undone.at(-1)?.group === step.group) undoLast();
    // The button that was pressed, or what had the focus, may have gone with the step.
    if (!focused.isConnected || (focused === undoButton && undoButton.disabled)) addButton.focus();
  }

  function press(event) {
    if (!isUndo(event)) return;
    event.preventDefault();
    undoLast();
  }

  // ---- The items

  const criterionTexts = new Map(rows.sections.flatMap((section) => section.criteria.map((each) => [each.id, each.text])));
  const itemIds = () => [...new Set([...known.keys(), ...outbox.keys()])].filter(isItem).map((about) => about.slice(5));
  const itemOf = (id) => contentOf(`item.${id}`);
  const inOrder = (one, other) => (itemOf(one).rank ?? 0) - (itemOf(other).rank ?? 0) || (one < other ? -1 : 1);
  const there = () => itemIds().filter((id) => itemOf(id).title).sort(inOrder);
  const planned = () => there().filter((id) => itemOf(id).status !== "dropped");
  const titleOf = (id) => itemOf(id).title ?? id;

  const views = new Map();
  const list = h("ol", { class: "items" });
  const months = h("div", { class: "months track", "aria-hidden": "true" });
  const axis = h("div", { class: "axis", "aria-hidden": "true" }, h("span", { class: "legend" }, h("span", { class: "today" }), h("span", { text: words.legend })), months);
  const empty = h("p", { class: "soft", text: words.items_empty });
  const dropped = h("ul");
  const droppedTitle = h("summary");
  const droppedList = h("details", { class: "dropped", hidden: true }, droppedTitle, dropped);

  const addButton = h("button", { type: "button", class: "button", text: words.add, onclick: () => add({ title: words.new_item }).write() });
  const page = {
    model,
    live,
    known,
    views,
    add,
    addButton,
    words,
    rows,
    uid,
    contentOf,
    commit,
    titleOf,
    move,
    send: () => outbox.flush(),
    criteria: rows.sections.flatMap((section) => section.criteria.map((each) => ({ ...each, group: section.title }))),
    criterion: (id) => criterionTexts.get(id) ?? id,
    others: (id) => planned().filter((other) => other !== id).map((other) => ({ id: other, text: titleOf(other) })),
    more: (id) => model.get("view").items[id] ?? {},
    place: (id) => model.get("view").timeline.bars[id],
    hasTimeline: () => model.get("view").timeline.months.length > 0,
    opened(id, wanted) {
      for (const [other, view] of views) if (wanted && other !== id && view.isOpen()) view.unfold(false);
      remember();
    },
    drop(id) {
      const next = neighbour(id);
      commit(`item.${id}`, { ...itemOf(id), status: "dropped" });
      live.textContent = say(words.dropped, { title: titleOf(id) });
      (next ? views.get(next) : { focus: () => addButton.focus() }).focus();
    },
  };

  const fields = planFields(page);
  const outlook = planOutlook(page, fields);
  const steps = planSteps(page, fields);
  const alerts = planAlerts(page, fields);

  function neighbour(id) {
    const order = planned();
    const index = order.indexOf(id);
    return order[index + 1] ?? order[index - 1];
  }

  const lastRank = () => Math.max(0, ...there().map((id) => itemOf(id).rank ?? 0));

  function add(item) {
    const id = newId();
    commit(`item.${id}`, { ...item, rank: lastRank() + 1 });
    live.textContent = say(words.added, { title: item.title });
    return views.get(id);
  }

  /** A place between two neighbours; where there is no room between them, all are numbered anew. */
  function move(id, by) {
    const order = planned();
    const from = order.indexOf(id);
    const to = from + by;
    if (to >= 0 && to < order.length) {
      const rank = (index) => itemOf(order[index]).rank ?? 0;
      const beyond = to + by >= 0 && to + by < order.length ? rank(to + by) : rank(to) + by;
      const between = (rank(to) + beyond) / 2;
      if (Math.abs(between - rank(to)) > 1e-6 && Math.abs(beyond - between) > 1e-6) commit(`item.${id}`, { ...itemOf(id), rank: between });
      else {
        order.splice(to, 0, ...order.splice(from, 1));
        const group = newId(); // one step back undoes all of it
        for (const [index, each] of order.entries()) commit(`item.${each}`, { ...itemOf(each), rank: index + 1 }, { group });
      }
    }
    views.get(id).root.querySelector(".title").scrollIntoView({ block: "nearest" }); // it takes its place beyond the edge of a small screen
    const now = planned();
    live.textContent = say(words.moved, { title: titleOf(id), number: now.indexOf(id) + 1, count: now.length });
  }

  /** Put the items in their order; what has the focus keeps it. */
  function showPlan() {
    const order = planned();
    const focused = document.activeElement;
    for (const [id, view] of views) {
      if (order.includes(id)) continue;
      view.root.remove();
      views.delete(id);
    }
    order.forEach((id, index) => {
      if (!views.has(id)) views.set(id, itemView(page, id));
      const view = views.get(id);
      view.show();
      if (list.children[index] !== view.root) list.insertBefore(view.root, list.children[index] ?? null);
    });
    if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true });
    empty.hidden = order.length > 0;
    axis.hidden = !order.length || !page.hasTimeline();
    setText(suggestButton, order.length ? words.suggest_more : words.suggest);
    suggestButton.classList.toggle("primary", !order.length);
    showDropped();
  }

  let shownDropped = "";
  function showDropped() {
    const ids = there().filter((id) => itemOf(id).status === "dropped");
    droppedList.hidden = !ids.length;
    const state = JSON.stringify(ids.map((id) => [id, titleOf(id)]));
    if (state === shownDropped) return;
    shownDropped = state;
    setText(droppedTitle, say(words.dropped_list, { count: ids.length }));
    dropped.replaceChildren(
      ...ids.map((id) =>
        h(
          "li",
          {},
          h("span", { text: titleOf(id) }),
          h("button", {
            type: "button",
            class: "link",
            text: words.put_back,
            "aria-label": say(words.put_back_long, { title: titleOf(id) }),
            onclick() {
              commit(`item.${id}`, { ...itemOf(id), status: "" });
              live.textContent = say(words.put_back_done, { title: titleOf(id) });
              views.get(id).focus();
            },
          }),
        ),
      ),
    );
  }

  function showTimeline() {
    const { months: shown, today } = model.get("view").timeline;
    const line = (at, name) => `linear-gradient(var(--${name}), var(--${name})) ${at * 100}% 0 / var(--${name}-width) 100% no-repeat`;
    const lines = shown.map((month) => line(month.at, "month"));
    if (today !== null) lines.unshift(line(today, "today"));
    list.style.setProperty("--lines", lines.join(", ") || "none");
    const state = JSON.stringify([shown, today]);
    if (months.dataset.state === state) return;
    months.dataset.state = state;
    months.replaceChildren(
      ...shown.map((month) => {
        const node = h("span", { text: month.text });
        node.style.setProperty("--from", month.at);
        return node;
      }),
    );
  }

  let announcing;
  function showView() {
    outlook.show(model.get("view"));
    showTimeline();
    showPlan();
    steps.show();
    fields.show();
    if (announceNext) {
      announceNext = false;
      clearTimeout(announcing);
      announcing = setTimeout(() => setText(live, model.get("view").announce), ANNOUNCE_PAUSE);
    }
  }

  // ---- Receipts

  const status = h("span", { class: "status" });
  const showStatus = () => showSaved(status, { model, outbox, words, live });

  function onReceipts() {
    const entries = model.get("entries");
    for (const [id, receipt] of Object.entries(model.get("receipts").edits ?? {})) {
      if (receipt.again) continue;
      const about = receipt.key;
      const before = known.get(about)?.content ?? {};
      const standing = entries[about];
      if (standing) known.set(about, standing);
      else known.delete(about);
      outbox.done(id, standing?.seq || null);
      if (receipt.refused) {
        outbox.drop(about);
        alerts.refuse(about, receipt.refused);
      } else if (receipt.stale) alerts.conflict(about, outbox.drop(about) ?? receipt.content, before);
      else alerts.accepted(about);
      if (about === "suggest") onSuggested(receipt.added);
    }
    onEntries();
    outbox.flush();
    askForSuggestion();
    outbox.watch(showStatus);
    showStatus();
  }

  let wantsSuggestion = false;

  /** What a suggestion rests on arrives before it: a target that still waits for its turn would not count. */
  function askForSuggestion() {
    if (!wantsSuggestion || !outbox.isEmpty) return;
    wantsSuggestion = false;
    outbox.add({ key: "suggest", content: { order: steps.order.value }, base: null, who: who() });
    outbox.watch(showStatus);
    showStatus();
  }

  function onSuggested(count) {
    if (count === undefined) return;
    live.textContent = say(count ? (count === 1 ? words.suggested_one : words.suggested) : words.suggested_none, { count });
    setText(suggestNote, live.textContent);
  }

  /** Take in what stands, but never over something of this browser's own that is still on its way or being typed. */
  function onEntries() {
    const entries = model.get("entries");
    const inUse = (about) => outbox.has(about) || (isItem(about) ? views.get(about.slice(5))?.isInUse() : fields.inUse(about));
    for (const about of [...known.keys()]) if (!(about in entries) && !inUse(about)) known.delete(about);
    for (const [about, entry] of Object.entries(entries)) if (!inUse(about)) known.set(about, entry);
    showPlan();
    steps.show();
    fields.show();
  }

  // ---- Where one was, for a reload

  const PLACE = `mlops-widgets-plan:place:${key}`;

  function remember() {
    if (!key) return;
    const at = document.activeElement;
    const open = [...views].find(([, view]) => view.isOpen())?.[0];
    const field = at.matches("textarea, select, input:not([type=checkbox])") && at.id.startsWith(uid) ? at.id.slice(uid.length) : "";
    keep("sessionStorage", PLACE, JSON.stringify({ open, field, item: at.closest("[data-id]")?.dataset.id }));
  }

  /** Open what was open. After a reload, which a server that was gone brings about, the focus is where it was as well. */
  function recall() {
    const place = key ? keptParts(PLACE) : {};
    views.get(place.open)?.unfold(true);
    if (performance.getEntriesByType("navigation")[0]?.type !== "reload" || document.activeElement !== document.body) return;
    const control = place.field && document.getElementById(`${uid}${place.field}`);
    if (control) {
      control.closest("details")?.setAttribute("open", "");
      control.focus();
      if (control.matches("textarea, input[type=text]")) control.setSelectionRange(control.value.length, control.value.length);
    } else views.get(place.item)?.focus();
  }

  // ---- Put together

  const undoButton = h("button", { type: "button", class: "button", text: words.undo, title: words.undo_hint, "aria-keyshortcuts": "Control+Z Meta+Z", onclick: undoLast });
  undoButton.disabled = true;
  const suggestNote = h("span", { class: "soft" });
  const suggestButton = h("button", {
    type: "button",
    class: "button",
    onclick() {
      wantsSuggestion = true;
      setText(suggestNote, "");
      askForSuggestion();
    },
  });
  const downloads = h("span", { class: "downloads" }, rows.downloads.length && h("span", { class: "soft", text: words.downloads }), ...rows.downloads.map((each) => h("a", { class: "link", href: each.address, download: true, text: each.text })));
  const name = h("input", { id: `${uid}-who`, class: "field", maxlength: 200, autocomplete: "name", onchange: () => keep("localStorage", NAME, name.value.trim()) });
  name.value = kept("localStorage", NAME);
  const asks = key && !model.get("who");
  const root = h(
    "div",
    { class: "mlops mlops-planner", onkeydown: press, onfocusin: remember, onfocusout: () => setTimeout(onEntries) },
    h("div", { class: "top" }, suggestButton, addButton, undoButton, alerts.button, suggestNote, h("span", { class: "gap" }), status, downloads),
    alerts.node,
    h(
      "div",
      { class: "columns" },
      outlook.stand,
      outlook.targets,
      h(
        "div",
        { class: "main" },
        h(
          "section",
          { class: "plan", "aria-labelledby": `${uid}-plan` },
          h(
            "div",
            { class: "heading" },
            h("h2", { id: `${uid}-plan`, text: words.items }),
            fields.bound("plan.owner", fields.input(), { label: words.plan_owner }),
            fields.bound("plan.start", fields.input("date"), { label: words.plan_start, read: typedDay, pause: DATE_PAUSE }),
            fields.bound("plan.capacity", fields.input("text", { inputmode: "decimal", maxlength: 8, placeholder: "1" }), { label: words.plan_capacity, read: typedNumber }),
          ),
          axis,
          list,
          empty,
          droppedList,
        ),
        h(
          "section",
          { class: "steps", "aria-labelledby": `${uid}-steps` },
          h("div", { class: "heading" }, h("h2", { id: `${uid}-steps`, text: words.steps }), h("label", { class: "soft", for: steps.order.id, text: words.order }), steps.order),
          steps.list,
          steps.none,
          steps.more,
        ),
      ),
      h(
        "details",
        { class: "money" },
        h("summary", { text: words.money }),
        h("h3", { text: words.metrics }),
        fields.metrics,
        fields.addMetric,
        h("h3", { text: words.budget }),
        ...["infrastructure", "tools", "people"].map(fields.budgetField),
      ),
      asks && h("section", { class: "name" }, h("label", { class: "label", for: name.id, text: words.who }), name, h("p", { class: "soft", text: words.who_hint })),
    ),
    live,
  );
  el.append(root);

  outbox.takeUp((about) => /^(suggest$|(item|target|effort|plan)\.)/.test(about));
  showView();
  showStatus();
  recall();
  outbox.flush();
  outbox.watch(showStatus);

  // What is still being typed goes out before the page does.
  const onLeave = () => outbox.flush();
  for (const event of ["beforeunload", "pagehide"]) addEventListener(event, onLeave);
  // Keys work as well while nothing on the page has the focus.
  const onPage = (event) => event.target === document.body && press(event);
  document.addEventListener("keydown", onPage);
  const listeners = { view: showView, entries: onEntries, receipts: onReceipts, status: showStatus };
  for (const [trait, run] of Object.entries(listeners)) model.on(`change:${trait}`, run);
  return () => {
    document.removeEventListener("keydown", onPage);
    for (const event of ["beforeunload", "pagehide"]) removeEventListener(event, onLeave);
    for (const [trait, run] of Object.entries(listeners)) model.off(`change:${trait}`, run);
  };
}

export default { render };
