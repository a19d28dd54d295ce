// The plan page: draws what Python laid out, sends whole items and single fields back, never scores.
// Like the form it knows nothing of kernels: a model with get, set, save_changes, on and off is all it needs.

const ANNOUNCE_PAUSE = 700; // ms: a screen reader hears where the plan leads once a person stops
const FEW_STEPS = 6;

/** @param {{model: any, el: HTMLElement}} context */
function render({ model, el }) {
  const words = model.get("words");
  const rows = model.get("rows");
  const key = model.get("key");
  const uid = `mlops-${Math.random().toString(36).slice(2, 8)}`;
  const outbox = new Outbox(model, key ? `mlops-widgets-plan:${key}:` : "", { about: "key", what: "content" });
  /** What Python has confirmed, as far as this browser has shown it: content and what tells a later one from it. */
  const known = new Map(Object.entries(model.get("entries")));
  const who = () => model.get("who") || (key && kept(localStorage, NAME)) || "";
  const contentOf = (about) => outbox.newest(about) ?? known.get(about)?.content ?? {};
  const valueOf = (about) => contentOf(about).value ?? "";
  const live = h("p", { class: "unseen", "aria-live": "polite" });

  // ---- Changing something

  const undone = [];
  let announceNext = false;

  function commit(about, content, { pause = 0, undo = true } = {}) {
    const before = contentOf(about);
    const after = tidy(content);
    if (same(before, after)) return;
    if (undo) rememberForUndo(about, before, after);
    announceNext = true;
    outbox.add({ key: about, content: after, base: known.get(about)?.seq || null, who: who() }, pause);
    showPlan();
    showFields();
    showStatus();
    outbox.watch(showStatus);
  }

  /** What is typed in one go is one step back, not one for each key. */
  function rememberForUndo(about, before, after) {
    const typed = Object.keys({ ...before, ...after }).filter((name) => !same(before[name], after[name])).join();
    const last = undone.at(-1);
    if (last?.key === about && last.typed === typed && document.activeElement?.matches("input:not([type=checkbox]), textarea")) last.after = after;
    else undone.push({ key: about, before, after, typed });
    undoButton.disabled = false;
  }

  function undoLast() {
    const step = undone.pop();
    undoButton.disabled = undone.length === 0;
    if (!step) return;
    const what = nameOf(step.key, step.after);
    // Only one's own change is taken back, never what somebody else made of it.
    if (!same(contentOf(step.key), step.after)) live.textContent = say(words.not_undone, { what });
    else {
      commit(step.key, step.before, { undo: false });
      live.textContent = say(words.undone, { what });
    }
    if (undoButton.disabled) addButton.focus();
  }

  // ---- The items

  const criterionTexts = new Map(rows.sections.flatMap((section) => section.criteria.map((each) => [each.id, each.text])));
  const isItem = (about) => about.startsWith("item.");
  const itemIds = () => [...new Set([...known.keys(), ...outbox.keys()])].filter(isItem).map((about) => about.slice(5));
  const itemOf = (id) => contentOf(`item.${id}`);
  const inOrder = (one, other) => (itemOf(one).rank ?? 0) - (itemOf(other).rank ?? 0) || (one < other ? -1 : 1);
  const there = () => itemIds().filter((id) => itemOf(id).title).sort(inOrder);
  const planned = () => there().filter((id) => itemOf(id).status !== "dropped");
  const titleOf = (id) => itemOf(id).title ?? id;

  const views = new Map();
  const list = h("ol", { class: "items" });
  const months = h("div", { class: "months track", "aria-hidden": "true" });
  const axis = h("div", { class: "axis", "aria-hidden": "true" }, months);
  const empty = h("p", { class: "soft", text: words.items_empty });
  const dropped = h("ul");
  const droppedTitle = h("summary");
  const droppedList = h("details", { class: "dropped", hidden: true }, droppedTitle, dropped);

  const page = {
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
      remember(wanted ? id : "");
    },
    drop(id) {
      const next = neighbour(id);
      commit(`item.${id}`, { ...itemOf(id), status: "dropped" });
      live.textContent = say(words.dropped, { title: titleOf(id) });
      (next ? views.get(next) : { focus: () => addButton.focus() }).focus();
    },
  };

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
        for (const [index, each] of order.entries()) commit(`item.${each}`, { ...itemOf(each), rank: index + 1 });
      }
    }
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
    const line = (at, colour) => `linear-gradient(${colour}, ${colour}) ${at * 100}% 0 / 1px 100% no-repeat`;
    const lines = shown.map((month) => line(month.at, "var(--line)"));
    if (today !== null) lines.unshift(line(today, "var(--warning)"));
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

  // ---- Single fields: targets, owner, start, capacity, metrics, budget

  /** @type {Map<string, {control: HTMLElement, write(value: any): void}>} */
  const fields = new Map();

  /** A control for one field of the plan; what it holds is sent as it changes, and never replaced while in use. */
  function bound(about, control, { label, read = (text) => text.trim(), pause = TYPING_PAUSE } = {}) {
    control.id = `${uid}-${about.replaceAll(".", "-")}`;
    const send = () => {
      const value = control.validity.badInput ? undefined : read(control.value);
      control.toggleAttribute("aria-invalid", false);
      if (value === undefined) control.setAttribute("aria-invalid", "true");
      else commit(about, { value }, { pause });
    };
    control.addEventListener(control.matches("select") ? "change" : "input", send);
    control.addEventListener("blur", () => outbox.flush());
    fields.set(about, { control, write: (value) => control.value !== String(value) && (control.value = value) });
    return label ? h("div", {}, h("label", { class: "label", for: control.id, text: label }), control) : control;
  }

  const input = (type = "text", more = {}) => h("input", { type, class: "field", autocomplete: "off", maxlength: 200, ...more });
  const typedDay = (text) => (text && text < "1970" ? undefined : text);
  function typedNumber(text) {
    if (!text.trim()) return "";
    const value = Number(text.replace(",", "."));
    return value > 0 && value <= 1000 ? value : undefined;
  }
  const numberField = (label) => h("input", { type: "text", inputmode: "decimal", class: "field", maxlength: 8, autocomplete: "off", "aria-label": label });

  function showFields() {
    for (const [about, { control, write }] of fields) if (control !== document.activeElement) write(valueOf(about));
    showMetrics();
  }

  const METRIC = ["name", "current", "target"];
  const metrics = h("ul", { class: "metrics" });
  const metricsOf = () => contentOf("plan.metrics").value ?? [];
  const emptyMetric = h("button", { type: "button", class: "button", text: words.metric_add, onclick: () => (addMetric(), metrics.lastElementChild.querySelector("input").focus()) });

  /** A metric without a name is not sent: it has yet to be written. */
  function sendMetrics(pause) {
    const written = [...metrics.children].map((row) => {
      const texts = [...row.querySelectorAll("input")].map((box) => box.value.trim());
      return tidy(Object.fromEntries(METRIC.map((name, index) => [name, texts[index]])));
    });
    commit("plan.metrics", { value: written.filter((metric) => metric.name) }, { pause });
  }

  function addMetric(metric = {}) {
    const row = h("li", {});
    for (const name of METRIC) {
      const box = input("text", { "aria-label": words[`metric_${name}`], placeholder: words[`metric_${name}`] });
      box.value = metric[name] ?? "";
      box.addEventListener("input", () => sendMetrics(TYPING_PAUSE));
      box.addEventListener("blur", () => outbox.flush());
      row.append(box);
    }
    row.append(
      h("button", {
        type: "button",
        class: "step",
        text: "×",
        "aria-label": say(words.metric_remove, { name: metric.name ?? "" }),
        onclick() {
          row.remove();
          sendMetrics(0);
          emptyMetric.focus();
        },
      }),
    );
    metrics.append(row);
  }

  let shownMetrics = "[]";
  function showMetrics() {
    const state = JSON.stringify(metricsOf());
    if (state === shownMetrics || metrics.contains(document.activeElement)) return;
    shownMetrics = state;
    metrics.replaceChildren();
    for (const metric of metricsOf()) addMetric(metric);
  }

  function budgetField(name) {
    const about = "plan.budget";
    const box = input();
    box.id = `${uid}-budget-${name}`;
    box.addEventListener("input", () => commit(about, { value: tidy({ ...(contentOf(about).value ?? {}), [name]: box.value.trim() }) }, { pause: TYPING_PAUSE }));
    box.addEventListener("blur", () => outbox.flush());
    fields.set(`${about}.${name}`, {
      control: box,
      write() {
        const value = contentOf(about).value?.[name] ?? "";
        if (box.value !== value) box.value = value;
      },
    });
    return h("div", {}, h("label", { class: "label", for: box.id, text: words[`budget_${name}`] }), box);
  }

  // ---- Where we stand, and where the plan leads

  const level = h("strong");
  const levelNote = h("span", { class: "soft" });
  const bars = ["then", "ticked", "now"].map((name) => h("span", { class: name }));
  const marks = h("div", { class: "marks", "aria-hidden": "true" });
  const sentences = ["then", "ticked", "done"].map((name) => h("p", { class: `said ${name}` }));
  const notice = h("p", { class: "alert", hidden: true });
  const stand = h(
    "section",
    { class: "stand", "aria-labelledby": `${uid}-stand` },
    h("h2", { id: `${uid}-stand`, text: words.stand }),
    h("p", { class: "level" }, level, levelNote),
    h("div", { class: "bar", "aria-hidden": "true" }, ...bars),
    marks,
    ...sentences,
    notice,
  );

  const targetRows = new Map();
  const targetList = h("ul", { class: "targets" });
  function targetRow({ id, label, title }) {
    const select = h(
      "select",
      { class: "field", "aria-label": say(words.target_of, { title }) },
      h("option", { value: "", text: words.target_none }),
      ...rows.levels.map((each) => h("option", { value: each.value, text: each.value })),
    );
    const now = h("span", { class: "number" });
    const then = h("span", { class: "number" });
    const reach = ["high", "value"].map((name) => h("span", { class: name }));
    const note = h("span", { class: "unseen" });
    bound(`target.${id}`, select, { read: (text) => (text === "" ? "" : Number(text)), pause: 0 });
    // Zero is a level, and a file may ask for one between two levels.
    fields.get(`target.${id}`).write = (value) => {
      const text = String(contentOf(`target.${id}`).value ?? value);
      if (![...select.options].some((option) => option.value === text)) select.append(h("option", { value: text, text }));
      if (select.value !== text) select.value = text;
    };
    const row = h(
      "li",
      {},
      h("span", { class: "name", text: label }),
      h("span", { class: "reach", "aria-hidden": "true" }, ...reach),
      h("span", {}, h("span", { class: "unseen", text: words.target_now }), now),
      select,
      h("span", { class: "then" }, h("span", { class: "unseen", text: words.target_then }), then, note),
    );
    targetList.append(row);
    return {
      show(target) {
        setText(now, target.now);
        setText(then, target.state === "reached" ? `${target.then} ✓` : target.then);
        row.dataset.state = target.state;
        setText(note, target.text);
        reach[0].style.setProperty("--to", target.high);
        reach[1].style.setProperty("--to", target.value);
      },
    };
  }

  const targets = h(
    "section",
    { class: "aims", "aria-labelledby": `${uid}-targets` },
    h("h2", { id: `${uid}-targets`, text: words.targets }),
    h("div", { class: "heads soft", "aria-hidden": "true" }, h("span"), h("span"), h("span", { text: words.target_now }), h("span", { text: words.target_wanted }), h("span", { text: words.target_then })),
    targetList,
    bound("plan.targets_by", input("date"), { label: words.targets_by, read: typedDay, pause: DATE_PAUSE }),
  );

  let announcing;
  function showView() {
    const view = model.get("view");
    setText(level, view.level.label);
    setText(levelNote, [view.level.name, view.level.note].filter(Boolean).join(", "));
    [view.bar[2], view.bar[1], view.bar[0]].forEach((to, index) => bars[index].style.setProperty("--to", to));
    marks.replaceChildren(
      ...view.marks.map((mark) => {
        const node = h("span", { text: mark.level });
        node.style.setProperty("--from", mark.at);
        return node;
      }),
    );
    ["then", "ticked", "done"].forEach((name, index) => {
      sentences[index].hidden = !view[name];
      setText(sentences[index], view[name]);
    });
    notice.hidden = !view.notice;
    setText(notice, view.notice);
    for (const target of view.targets) {
      if (!targetRows.has(target.id)) targetRows.set(target.id, targetRow(target));
      targetRows.get(target.id).show(target);
    }
    targets.hidden = !view.targets.length;
    showTimeline();
    showPlan();
    showSteps();
    showFields();
    if (announceNext) {
      announceNext = false;
      clearTimeout(announcing);
      announcing = setTimeout(() => setText(live, model.get("view").announce), ANNOUNCE_PAUSE);
    }
  }

  // ---- What to pick from

  const stepList = h("ol");
  const stepViews = new Map();
  const noSteps = h("p", { class: "soft", text: words.steps_none });
  let allSteps = false;
  const moreSteps = h("button", { type: "button", class: "link", onclick: () => ((allSteps = !allSteps), showSteps()) });
  const order = h("select", { id: `${uid}-order`, class: "field", onchange: chooseOrder }, ...["ratio", "opensammy"].map((name) => h("option", { value: name, text: words[`order_${name}`] })));

  function chooseOrder() {
    model.set("order", order.value);
    model.save_changes();
  }

  function stepView(step) {
    const effort = numberField(say(words.effort_of, { text: step.text }));
    bound(`effort.${step.id}`, effort, { read: typedNumber });
    const why = h("p", { class: "soft" });
    const pick = h("button", { type: "button", class: "button", text: words.pick, "aria-label": say(words.pick_long, { text: step.text }) });
    const root = h(
      "li",
      { "data-step": step.id },
      h("div", { class: "what" }, h("p", { class: "title", text: step.text }), why),
      h("span", { class: "weeks" }, effort, h("span", { class: "soft", text: words.weeks_short, "aria-hidden": "true" })),
      pick,
    );
    const view = { root, pick, effort, step };
    pick.addEventListener("click", () => {
      const steps = model.get("view").steps.map((each) => each.id);
      const next = steps[steps.indexOf(step.id) + 1] ?? steps[steps.indexOf(step.id) - 1];
      add(view.step.item);
      root.hidden = true; // until Python leaves it out
      (stepViews.get(next)?.pick ?? addButton).focus();
    });
    view.show = (newer) => {
      view.step = newer;
      root.hidden = false;
      setText(why, `${newer.section}: ${newer.why}`);
      fields.get(`effort.${step.id}`).write = () => {
        const value = String(contentOf(`effort.${step.id}`).value ?? view.step.effort ?? "");
        if (effort.value !== value) effort.value = value;
      };
    };
    return view;
  }

  function showSteps() {
    const steps = model.get("view").steps;
    const shown = allSteps ? steps : steps.slice(0, FEW_STEPS);
    const focused = document.activeElement;
    for (const [id, view] of stepViews) {
      if (shown.some((step) => step.id === id)) continue;
      view.root.remove();
      stepViews.delete(id);
      fields.delete(`effort.${id}`);
    }
    shown.forEach((step, index) => {
      if (!stepViews.has(step.id)) stepViews.set(step.id, stepView(step));
      const view = stepViews.get(step.id);
      view.show(step);
      if (stepList.children[index] !== view.root) stepList.insertBefore(view.root, stepList.children[index] ?? null);
    });
    if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true });
    noSteps.hidden = steps.length > 0;
    moreSteps.hidden = steps.length <= FEW_STEPS;
    setText(moreSteps, allSteps ? words.steps_few : say(words.steps_all, { count: steps.length }));
    if (order.value !== model.get("order")) order.value = model.get("order");
  }

  // ---- Receipts

  const status = h("span", { class: "status" });
  function showStatus() {
    const told = model.get("status");
    const failed = outbox.late || told.state === "not_saved";
    if (!told.state && !failed) return;
    if (failed && !status.classList.contains("act")) live.textContent = words.not_saved;
    status.classList.toggle("act", failed);
    if (failed) setText(status, words.not_saved);
    else if (!outbox.isEmpty) setText(status, words.saving);
    else setText(status, told.at ? say(words.saved, { time: hourAndMinute(told.at) }) : "");
  }

  function onReceipts() {
    const entries = model.get("entries");
    for (const [id, receipt] of Object.entries(model.get("receipts").edits ?? {})) {
      if (receipt.again) continue;
      const about = receipt.key;
      const standing = entries[about];
      if (standing) known.set(about, standing);
      else known.delete(about);
      outbox.done(id, standing?.seq || null);
      if (receipt.refused) refuse(about, receipt.refused, outbox.drop(about));
      else if (receipt.stale) showConflict(about, outbox.drop(about) ?? receipt.content);
      else settle(about);
      if ("added" in receipt) onSuggested(receipt.added);
    }
    onEntries();
    outbox.flush();
    outbox.watch(showStatus);
    showStatus();
  }

  function onSuggested(count) {
    suggestButton.disabled = false;
    live.textContent = say(count ? (count === 1 ? words.suggested_one : words.suggested) : words.suggested_none, { count });
    setText(suggestNote, live.textContent);
  }

  /** Take in what stands, but never over something of this browser's own that is still on its way or being typed. */
  function onEntries() {
    const entries = model.get("entries");
    const inUse = (about) => outbox.has(about) || (isItem(about) ? views.get(about.slice(5))?.isInUse() : fieldInUse(about));
    for (const about of [...known.keys()]) if (!(about in entries) && !inUse(about)) known.delete(about);
    for (const [about, entry] of Object.entries(entries)) if (!inUse(about)) known.set(about, entry);
    showPlan();
    showFields();
  }

  function fieldInUse(about) {
    const typing = document.activeElement?.matches("input, textarea");
    if (about === "plan.metrics") return typing && metrics.contains(document.activeElement);
    return typing && [...fields].some(([name, field]) => name.startsWith(about) && field.control === document.activeElement);
  }

  // ---- What needs a person: two who changed the same, and what was not accepted

  const alerts = h("div", { class: "alerts" });
  const alerted = new Map();
  const conflictButton = h("button", { type: "button", class: "button act", hidden: true, onclick: () => alerts.querySelector("button")?.focus() });

  /** What something is called in a sentence. */
  function nameOf(about, content = contentOf(about)) {
    const [kind, name] = [about.split(".", 1)[0], about.slice(about.indexOf(".") + 1)];
    if (kind === "item") return content.title ?? known.get(about)?.content.title ?? titleOf(name);
    if (kind === "target") return say(words.target_of, { title: model.get("view").targets.find((target) => target.id === name)?.title ?? name });
    if (kind === "effort") return say(words.effort_of, { text: page.criterion(name) });
    return words[{ targets_by: "targets_by", metrics: "metrics", budget: "budget" }[name] ?? `plan_${name}`] ?? name;
  }

  function alertOn(about, ...nodes) {
    alerted.get(about)?.remove();
    const node = h("div", { class: "alert" }, ...nodes);
    alerted.set(about, node);
    alerts.append(node);
    showAlerts();
  }

  function settle(about) {
    alerted.get(about)?.remove();
    alerted.delete(about);
    if (isItem(about)) views.get(about.slice(5))?.alert();
    showAlerts();
  }

  function showAlerts() {
    const open = [...alerted.values()].filter((node) => node.querySelector("button")).length;
    conflictButton.hidden = !open;
    setText(conflictButton, say(words.conflicts, { count: open }));
  }

  function refuse(about, message) {
    if (about === "suggest") suggestButton.disabled = false;
    const text = say(words.refused, { message });
    const view = isItem(about) && views.get(about.slice(5));
    if (view) view.alert(h("p", { class: "alert", text }));
    else alertOn(about, h("p", { text: `${nameOf(about)}: ${text}` }));
    live.textContent = text;
  }

  const asText = (value, name) =>
    value === undefined || value === ""
      ? words.empty
      : Array.isArray(value)
        ? value.map((each) => (name === "after" ? titleOf(each) : name === "criteria" ? page.criterion(each) : (each.name ?? each))).join(", ")
        : name === "status"
          ? words[`status_${value}`]
          : typeof value === "object"
            ? Object.values(value).join(", ")
            : String(value);

  /** Both stand in the history; a person says which one counts. */
  function showConflict(about, mine) {
    const entry = model.get("entries")[about] ?? { content: {} };
    const theirs = entry.content;
    const what = nameOf(about, Object.keys(mine).length ? mine : theirs);
    const gone = isItem(about) && !theirs.title;
    const differ = Object.keys({ ...theirs, ...mine }).filter((name) => name !== "rank" && !same(theirs[name], mine[name]));
    const choose = (text, run) =>
      h("button", {
        type: "button",
        class: "button",
        text,
        onclick() {
          settle(about);
          run();
          (views.get(about.slice(5)) ?? fields.get(about)?.control ?? addButton).focus();
        },
      });
    alertOn(
      about,
      h("p", { text: say(gone ? words.conflict_gone : words.conflict, { who: entry.who || words.someone, what }) }),
      ...(gone ? [] : differ.slice(0, 5)).map((name) =>
        h("p", { text: say(words.conflict_field, { field: words[name] ?? what, theirs: asText(theirs[name], name), mine: asText(mine[name], name) }) }),
      ),
      choose(words.conflict_keep, () => {}),
      choose(words.conflict_mine, () => commit(about, mine)),
    );
    live.textContent = conflictButton.textContent;
  }

  // ---- Where one was, for a reload

  function remember(id) {
    if (!key) return;
    try {
      sessionStorage.setItem(`mlops-widgets-plan:at:${key}`, id);
    } catch {
      // Without sessionStorage a reload shows the plan with every item closed.
    }
  }

  // ---- Put together

  const undoButton = h("button", { type: "button", class: "button", text: words.undo, onclick: undoLast });
  undoButton.disabled = true;
  const suggestNote = h("span", { class: "soft" });
  const suggestButton = h("button", {
    type: "button",
    class: "button",
    onclick() {
      suggestButton.disabled = true;
      setText(suggestNote, "");
      outbox.add({ key: "suggest", content: { order: order.value }, base: null, who: who() });
      outbox.watch(showStatus);
      showStatus();
    },
  });
  const addButton = h("button", { type: "button", class: "button", text: words.add, onclick: () => add({ title: words.new_item }).write() });
  const downloads = h("span", { class: "downloads" }, rows.downloads.length && h("span", { class: "soft", text: words.downloads }), ...rows.downloads.map((each) => h("a", { class: "link", href: each.address, download: true, text: each.text })));
  const name = h("input", { id: `${uid}-who`, class: "field", maxlength: 200, autocomplete: "name", onchange: () => keep(NAME, name.value.trim()) });
  name.value = kept(localStorage, NAME);
  const asks = key && !model.get("who");
  const root = h(
    "div",
    { class: "mlops mlops-planner", onfocusout: () => setTimeout(onEntries) },
    h("div", { class: "top" }, suggestButton, addButton, undoButton, conflictButton, suggestNote, h("span", { class: "gap" }), downloads, status),
    alerts,
    h(
      "div",
      { class: "columns" },
      h(
        "div",
        { class: "side" },
        stand,
        targets,
        h(
          "details",
          { class: "money" },
          h("summary", { text: words.money }),
          h("h3", { text: words.metrics }),
          metrics,
          emptyMetric,
          h("h3", { text: words.budget }),
          ...["infrastructure", "tools", "people"].map(budgetField),
        ),
        asks && h("section", { class: "name" }, h("label", { class: "label", for: name.id, text: words.who }), name, h("p", { class: "soft", text: words.who_hint })),
      ),
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
            bound("plan.owner", input(), { label: words.plan_owner }),
            bound("plan.start", input("date"), { label: words.plan_start, read: typedDay, pause: DATE_PAUSE }),
            bound("plan.capacity", h("input", { type: "text", inputmode: "decimal", class: "field", maxlength: 8, autocomplete: "off" }), { label: words.plan_capacity, read: typedNumber }),
          ),
          axis,
          list,
          empty,
          droppedList,
        ),
        h(
          "section",
          { class: "steps", "aria-labelledby": `${uid}-steps` },
          h("div", { class: "heading" }, h("h2", { id: `${uid}-steps`, text: words.steps }), h("label", { class: "soft", for: order.id, text: words.order }), order),
          stepList,
          noSteps,
          moreSteps,
        ),
      ),
    ),
    live,
  );
  el.append(root);

  outbox.takeUp((about) => /^(item|target|effort|plan)\./.test(about));
  showView();
  showStatus();
  if (key) views.get(kept(sessionStorage, `mlops-widgets-plan:at:${key}`))?.unfold(true);
  outbox.flush();
  outbox.watch(showStatus);

  // What is still being typed goes out before the page does.
  const onLeave = () => outbox.flush();
  for (const event of ["beforeunload", "pagehide"]) addEventListener(event, onLeave);
  const listeners = { view: showView, entries: onEntries, receipts: onReceipts, status: showStatus };
  for (const [trait, run] of Object.entries(listeners)) model.on(`change:${trait}`, run);
  return () => {
    for (const event of ["beforeunload", "pagehide"]) removeEventListener(event, onLeave);
    for (const [trait, run] of Object.entries(listeners)) model.off(`change:${trait}`, run);
  };
}

export default { render };
