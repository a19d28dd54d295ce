// The review table: every mark of a file, what it was read as, and what a person decides about it.
// Knows nothing of Python: `decide` is told of each decision, and `show` says which stand.

/** A bar and a number: how sure it is that a mark is about a criterion. */
function confidence(words) {
  const line = bar("bar small");
  const text = h("span", { class: "soft" });
  const node = h("div", { class: "confidence" }, line.node, text);
  return {
    node,
    set(share, sure, how) {
      node.hidden = !sure;
      line.set(share);
      setText(text, sure ? [say(words.confidence, { sure }), how].filter(Boolean).join(", ") : "");
    },
  };
}

/** One mark of the file, as a row. */
class MarkRow {
  /**
   * @param {object} mark as Python laid it out
   * @param {{words: object, uid: string, criteria: Map<string, object>, byName: Map<string, string>, list: string, decide: function}} table
   */
  constructor(mark, table) {
    this.mark = mark;
    this.table = table;
    this.decision = undefined; // undefined: as it was read; null: left out; else a criterion and a value
    const { words, uid } = table;
    const id = `${uid}-mark-${mark.position}`;
    const place = mark.place;
    this.criterion = h("select", { class: "field", id: `${id}-criterion`, "aria-label": say(words.criterion_label, { place }) });
    this.search = h("input", { class: "field", id: `${id}-search`, list: table.list, hidden: true, autocomplete: "off", placeholder: words.search_hint, "aria-label": say(words.search_label, { place }) });
    this.hint = h("p", { class: "soft act", role: "alert", hidden: true });
    this.answer = h("select", { class: "field", id: `${id}-answer`, "aria-label": say(words.answer_label, { place }) });
    this.sure = confidence(words);
    this.whole = h("p", { class: "whole" });
    this.chip = h("span", { class: "chip" });
    this.take = h("button", { type: "button", class: "button", text: words.take, "aria-label": say(words.take_long, { place }) });
    this.leave = h("button", { type: "button", class: "button", text: words.leave, "aria-label": say(words.leave_long, { place }) });
    // What is not understood is not led anywhere: a person has to choose.
    this.chosen = mark.criterion ?? (mark.state === "confirm" ? mark.candidates[0]?.id : undefined) ?? "";
    this.value = mark.value ?? "";
    this.node = h(
      "tr",
      { role: "row", id },
      h("td", { role: "cell", class: "where" }, h("b", { text: place }), mark.section && h("span", { class: "soft", text: mark.section })),
      h(
        "td",
        { role: "cell", class: "text" },
        h("span", { class: "original", text: mark.text }),
        h("span", { class: "soft", text: mark.said }),
        ...mark.more.map((text) => h("span", { class: "soft", text })),
        mark.why && h("span", { class: "soft why", text: mark.why }),
      ),
      h("td", { role: "cell", class: "about" }, this.criterion, this.search, this.hint, this.sure.node, this.whole),
      h("td", { role: "cell", class: "answer" }, this.answer),
      h("td", { role: "cell", class: "state" }, this.chip, h("span", { class: "actions" }, this.take, this.leave)),
    );
    this.criterion.addEventListener("change", () => this.onCriterion());
    this.search.addEventListener("change", () => this.onSearch());
    this.search.addEventListener("keydown", (event) => event.key === "Escape" && this.closeSearch());
    this.answer.addEventListener("change", () => {
      this.value = this.answer.value;
      if (this.isWhole) this.decide({ criterion: this.chosen, value: this.value || null });
    });
    this.take.addEventListener("click", () => this.onTake());
    this.leave.addEventListener("click", () => this.decide(this.decision === null ? undefined : null));
    this.draw();
  }

  get isWhole() {
    return Boolean(this.chosen && (this.value || this.mark.value === null && this.mark.state === "taken"));
  }

  /** What becomes of the mark as things stand. */
  get state() {
    if (this.decision === null) return "left";
    return this.decision ? "taken" : this.mark.state;
  }

  onCriterion() {
    if (this.criterion.value === "search") {
      this.search.hidden = false;
      this.search.focus();
      this.criterion.value = this.chosen;
      return;
    }
    this.choose(this.criterion.value);
  }

  onSearch() {
    const found = this.table.byName.get(this.search.value.trim());
    this.hint.hidden = Boolean(found) || !this.search.value.trim();
    setText(this.hint, this.hint.hidden ? "" : this.table.words.search_none);
    if (!found) return;
    this.choose(found);
    this.closeSearch();
  }

  closeSearch() {
    this.search.value = "";
    this.criterion.focus();
    this.search.hidden = true;
    this.hint.hidden = true;
  }

  choose(criterion) {
    this.chosen = criterion;
    this.draw();
    if (this.isWhole) this.decide({ criterion, value: this.value || null });
  }

  onTake() {
    if (this.decision && this.mark.state !== "taken") this.decide(undefined);
    else if (this.decision === null && this.mark.state === "taken") this.decide(undefined);
    else if (!this.chosen) this.criterion.focus();
    else if (!this.isWhole) this.answer.focus();
    else if (this.state !== "taken") this.decide({ criterion: this.chosen, value: this.value || null });
  }

  decide(decision) {
    this.decision = decision;
    this.draw();
    this.table.decide(this.mark.position, decision);
  }

  /** Take up what was decided earlier. */
  restore(decision) {
    this.decision = decision;
    if (decision) {
      this.chosen = decision.criterion;
      this.value = decision.value ?? "";
    }
    this.draw();
  }

  draw() {
    const { words, criteria } = this.table;
    const { mark } = this;
    const name = (id) => criteria.get(id)?.name ?? id;
    const option = (value, text) => h("option", { value, text, selected: value === this.chosen });
    const likely = mark.candidates.map((each) => option(each.id, `${each.sure} · ${name(each.id)}`));
    const others = [...new Set([mark.criterion, this.chosen])].filter((id) => id && !mark.candidates.some((each) => each.id === id));
    this.criterion.replaceChildren(
      ...[
        !this.chosen && option("", words.choose_criterion),
        ...others.map((id) => option(id, name(id))),
        likely.length && h("optgroup", { label: words.likely }, ...likely),
        option("search", words.search_all),
      ].filter(Boolean),
    );
    this.criterion.value = this.chosen;
    setText(this.whole, this.chosen ? name(this.chosen) : ""); // a list shows the beginning only

    const options = criteria.get(this.chosen)?.options ?? [];
    const fits = (value) => options.some((each) => each.value === value);
    if (!fits(this.value)) this.value = fits(mark.value) ? mark.value : ""; // a criterion of another scale has other answers
    this.answer.replaceChildren(
      ...(this.value ? [] : [h("option", { value: "", text: words.answer_choose })]),
      ...options.map((each) => h("option", { value: each.value, text: each.label })),
    );
    this.answer.value = this.value;
    this.answer.disabled = !this.chosen;

    const candidate = mark.candidates.find((each) => each.id === this.chosen);
    if (this.decision) this.sure.set(1, "", "");
    else if (mark.criterion === this.chosen && mark.criterion) this.sure.set(mark.share, mark.sure, mark.how);
    else this.sure.set(candidate?.share ?? 0, candidate?.sure ?? "", "");

    const { state } = this;
    setText(this.chip, this.decision === null ? words.state_out : words[`state_${state}`]);
    this.chip.className = state === "taken" ? "chip done" : this.decision === null ? "chip" : "chip act";
    this.take.setAttribute("aria-pressed", String(state === "taken"));
    this.leave.setAttribute("aria-pressed", String(this.decision === null));
    this.node.classList.toggle("settled", this.decision !== undefined);
  }
}

/** The whole table: what waits first, what was taken below; `show(counts)` when Python has counted anew. */
function review({ words, uid, marks, criteria, decisions, decide }) {
  const list = `${uid}-criteria`;
  const table = {
    words,
    uid,
    list,
    /** Of marks that contradict each other one counts: who takes it leaves the others out. */
    decide(position, decision) {
      const { group } = marks.find((mark) => mark.position === position);
      const others = rows.filter(({ mark, chosen }) => mark.position !== position && mark.group === group && chosen === group);
      if (group && decision?.criterion === group) for (const other of others) if (other.decision !== null) other.decide(null);
      decide(position, decision);
    },
    criteria: new Map(criteria.map((each) => [each.id, each])),
    byName: new Map(criteria.map((each) => [each.name, each.id])),
  };
  const rows = marks.map((mark) => new MarkRow(mark, table));
  for (const row of rows) {
    const decision = decisions[row.mark.position];
    if (decision !== undefined) row.restore(decision);
  }
  const columns = ["line", "text", "criterion", "answer", "state"];
  const head = () => h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...columns.map((name) => h("th", { role: "columnheader", scope: "col", text: words[`column_${name}`] }))));
  const body = (rows) => {
    let group = "";
    const lines = [];
    for (const row of rows) {
      if (row.mark.group && row.mark.group !== group) {
        row.head = h("tr", { role: "row", class: "conflict" }, h("td", { role: "cell", colspan: columns.length }, h("b", { text: table.criteria.get(row.mark.group)?.name ?? row.mark.group }), h("span", { text: words.conflict })));
        lines.push(row.head);
      }
      group = row.mark.group;
      row.node.classList.toggle("together", Boolean(group));
      lines.push(row.node);
    }
    return h("tbody", { role: "rowgroup" }, ...lines);
  };
  const waiting = rows.filter((row) => row.mark.state !== "taken" || row.mark.group);
  const taken = rows.filter((row) => !waiting.includes(row));
  const title = h("h3", { id: `${uid}-waits`, text: words.review });
  const nothing = h("p", { class: "soft", text: words.nothing_waits, hidden: waiting.length > 0 });
  const waits = h("table", { role: "table", "aria-labelledby": title.id }, head(), body(waiting));
  const summary = h("summary", { id: `${uid}-taken`, text: say(words.taken_title, { count: taken.length }) });
  const below = h("details", { class: "taken" }, summary, h("table", { role: "table", "aria-labelledby": summary.id }, head(), body(taken)));
  waits.hidden = !waiting.length;
  below.hidden = !taken.length;

  const filters = ["all", "confirm", "left", "taken"].map((name) => h("button", { type: "button", class: "button", "aria-pressed": String(name === "all"), "data-filter": name, text: words.filter_all, onclick: () => filter(name) }));
  function filter(name) {
    for (const each of filters) each.setAttribute("aria-pressed", String(each.dataset.filter === name));
    for (const row of rows) row.node.hidden = name !== "all" && row.state !== name;
    for (const row of rows) if (row.head) row.head.hidden = rows.every((each) => each.mark.group !== row.mark.group || each.node.hidden);
    waits.hidden = waiting.every((row) => row.node.hidden);
    below.hidden = taken.every((row) => row.node.hidden);
    if (name === "taken") below.open = true;
  }

  const options = h("datalist", { id: list }, ...criteria.map((each) => h("option", { value: each.name, label: each.section })));
  const node = h("div", { class: "review" }, title, nothing, waiting.length && h("div", { class: "filters", role: "group", "aria-label": words.filter }, ...filters), waits, below, options);
  return {
    node,
    show(counts) {
      for (const each of filters) if (each.dataset.filter !== "all") setText(each, say(words[`filter_${each.dataset.filter}`], { count: counts[each.dataset.filter] }));
    },
  };
}
