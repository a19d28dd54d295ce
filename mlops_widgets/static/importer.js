// The import page: a file goes to Python, its marks come back for review, and Python makes an assessment of them.
// The file and every decision stay in this tab until that is done, so that a reload or a lost server costs nothing.

const RESEND_AFTER = 10_000; // ms without a reply before a question is asked again; then twice as long
const MOST_ATTEMPTS = 4; // by then the kernel has gone, and the page with it

/** What this tab keeps; a browser that keeps nothing, or is full, costs the second copy only. */
class TabStorage {
  constructor(prefix) {
    this.prefix = prefix;
  }

  read(name) {
    try {
      return JSON.parse(sessionStorage.getItem(this.prefix + name));
    } catch {
      return null;
    }
  }

  /** Gives whether it is kept. */
  write(name, value) {
    try {
      sessionStorage.setItem(this.prefix + name, JSON.stringify(value));
      return true;
    } catch {
      this.drop(name);
      return false;
    }
  }

  drop(...names) {
    try {
      for (const name of names) sessionStorage.removeItem(this.prefix + name);
    } catch {
      // As above.
    }
  }
}

/** Tell one file from another, so that decisions are never applied to a different one. */
function fingerprint({ name, data }) {
  let sum = 0;
  for (let index = 0; index < data.length; index += 1) sum = (Math.imul(sum, 31) + data.charCodeAt(index)) | 0;
  return `${name}:${data.length}:${sum}`;
}

/** An id for the assessment to be made, chosen here so that asking twice makes it once. */
function newKey() {
  const letters = "abcdefghijkmnpqrstuvwxyz23456789";
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => letters[byte % letters.length]).join("");
}

function toBase64(blob) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result.slice(reader.result.indexOf(",") + 1)));
    reader.addEventListener("error", () => failed(reader.error));
    reader.readAsDataURL(blob);
  });
}

/** Asks Python, and asks again until there is an answer: what was sent may have been lost with its connection. */
class Question {
  constructor(model, name, reply) {
    Object.assign(this, { model, name, reply, number: 0, timer: undefined });
  }

  ask(data, attempt = 0) {
    clearTimeout(this.timer);
    if (attempt === 0) this.number += 1;
    this.model.set(this.name, { ...data, number: this.number, attempt });
    this.model.save_changes();
    if (attempt < MOST_ATTEMPTS) this.timer = setTimeout(() => this.ask(data, attempt + 1), RESEND_AFTER * 2 ** attempt);
  }

  /** The reply to the newest question; nothing for an older one's. */
  answered() {
    const reply = this.model.get(this.reply);
    if (reply?.number !== this.number) return null;
    clearTimeout(this.timer);
    return reply;
  }

  stop() {
    clearTimeout(this.timer);
  }
}

/** What did not become an answer, to take along. */
function restList(words, { text, count }) {
  const copied = h("span", { class: "soft", role: "status" });
  const box = h("textarea", { class: "field", readonly: true, rows: 6, "aria-label": say(words.rest_title, { count }) });
  box.value = text;
  const download = () => {
    const link = h("a", { href: URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" })), download: "not-understood.txt" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      copied.textContent = words.rest_copied;
    } catch {
      box.focus(); // not every page may write there; the text is selected, and the keyboard can
      box.select();
    }
  };
  return h(
    "div",
    { class: "rest-list" },
    box,
    h("div", { class: "actions" }, h("button", { type: "button", class: "button", text: words.rest_download, onclick: download }), h("button", { type: "button", class: "button", text: words.rest_copy, onclick: copy }), copied),
  );
}

function render({ model, el }) {
  const words = model.get("words");
  const into = model.get("into");
  const limits = model.get("limits");
  const uid = `mlops-${Math.random().toString(36).slice(2, 8)}`;
  const tab = new TabStorage(`mlops-widgets:import:${into.id ?? ""}:`);
  const work = { name: "", print: "", rubric: "", key: newKey(), decisions: {}, about: {}, ticks: {}, ...tab.read("work") };
  let file = tab.read("file");
  let table = null;
  let shownChanges = null;
  let isKept = true;
  let warning = []; // what is to be told while nothing of a file is taken

  const read = new Question(model, "file", "reading");
  const decided = new Question(model, "decisions", "outcome");
  const wished = new Question(model, "wish", "result");
  const keep = () => tab.write("work", work);

  // Choosing

  const failed = h("div", { class: "alert", role: "alert", hidden: true });
  const status = h("p", { class: "status", role: "status" });
  const input = h("input", { type: "file", id: `${uid}-file`, accept: limits.endings.join(",") });
  const zone = h("label", { class: "zone", for: input.id }, h("span", { class: "button primary", text: words.choose }), h("span", { class: "soft", text: words.drop }), input);
  const paste = h("textarea", { id: `${uid}-paste`, class: "field", rows: 8, spellcheck: "false" });
  const pasteRead = h("button", { type: "button", class: "button", text: words.paste_read });
  const pasting = h("details", { class: "paste" }, h("summary", { text: words.paste }), h("label", { class: "label", for: paste.id, text: words.paste_label }), paste, h("div", {}, pasteRead));
  const rubric = h("select", { id: `${uid}-rubric`, class: "field" }, h("option", { value: "", text: words.rubric_auto }), ...model.get("rubrics").map((each) => h("option", { value: each.id, text: each.title })));
  const rubricBox = h("div", { class: "rubric", hidden: Boolean(into.id) }, h("label", { class: "label", for: rubric.id, text: words.rubric }), rubric);
  const choosing = h("section", { class: "choose" }, zone, rubricBox, pasting);
  const earlier = h("div", { class: "earlier", hidden: true });
  const results = h("div", { class: "results" });

  paste.value = tab.read("paste") ?? "";
  pasting.open = Boolean(paste.value) && !file;
  rubric.value = work.rubric;

  function fail(sentences) {
    failed.replaceChildren(...sentences.map((text) => h("p", { text })));
    failed.hidden = !sentences.length;
  }

  /** Send the file to Python, with what was decided about it if it is the one that was there before. */
  function send() {
    fail([]);
    const print = fingerprint(file);
    work.name = file.name;
    if (print !== work.print) Object.assign(work, { print, key: newKey(), decisions: {}, about: {}, ticks: {} });
    keep();
    results.replaceChildren();
    status.textContent = say(words.reading, { name: file.name });
    el.setAttribute("aria-busy", "true");
    read.ask({ name: file.name, data: file.data, rubric: work.rubric });
  }

  async function take(blob, name) {
    if (blob.size > limits.bytes) {
      fail([say(words.too_large, { megabytes: limits.bytes / 1_000_000 })]);
      return;
    }
    try {
      file = { name, data: await toBase64(blob) };
    } catch {
      fail([words.no_file]); // a folder, or a file that has gone meanwhile
      return;
    }
    isKept = tab.write("file", file);
    send();
  }

  input.addEventListener("change", () => {
    if (input.files.length) take(input.files[0], input.files[0].name);
    input.value = ""; // so that the same file, mended, can be chosen again
  });
  for (const type of ["dragenter", "dragover"]) {
    el.addEventListener(type, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  el.addEventListener("dragleave", (event) => !el.contains(event.relatedTarget) && zone.classList.remove("over"));
  el.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    const [dropped] = event.dataTransfer.files;
    if (dropped) take(dropped, dropped.name);
  });
  paste.addEventListener("input", () => tab.write("paste", paste.value));
  pasteRead.addEventListener("click", () => {
    if (paste.value.trim()) take(new Blob([paste.value.toWellFormed()]), words.pasted);
    else {
      fail([words.paste_empty]);
      paste.focus();
    }
  });
  rubric.addEventListener("change", () => {
    work.rubric = rubric.value;
    keep();
    if (file && work.print) send();
  });

  // Reviewing

  const summary = h("p", { class: "summary", role: "status" });
  const missing = h("details", { class: "missing" });
  const rest = h("section", { class: "rest" });
  const keeping = h("div", { class: "keeping" });

  const decisions = () => (work.decisions[model.get("reading").rubric.id] ??= {});
  function decide(position, decision) {
    if (decision === undefined) delete decisions()[position];
    else decisions()[position] = decision;
    keep();
    decided.ask({ marks: decisions() });
  }

  function onReading() {
    const reading = read.answered();
    if (!reading) return;
    el.removeAttribute("aria-busy");
    if (reading.failed) {
      status.textContent = "";
      fail(reading.failed);
      choosing.classList.remove("has-file");
      tab.drop("file"); // it cannot be read: a reload should not try again
      work.name = "";
      keep();
      return;
    }
    status.textContent = say(words.read, { name: work.name, rubric: reading.rubric.title }) + (isKept ? "" : ` ${words.large}`);
    warning = reading.marks.every((mark) => mark.state === "left") ? [say(words.not_one, { rubric: reading.rubric.title })] : [];
    choosing.classList.add("has-file");
    pasting.open = false;
    table = review({ words, uid, marks: reading.marks, criteria: reading.criteria, decisions: decisions(), decide });
    const notes = reading.notes.length && h("section", { class: "notes" }, h("h3", { text: words.notes }), h("ul", {}, ...reading.notes.map((text) => h("li", { text }))));
    shownChanges = null;
    keeping.replaceChildren(into.id ? changeForm() : makeForm(reading.about));
    results.replaceChildren(...[summary, table.node, notes, missing, rest, keeping].filter(Boolean));
    if (Object.keys(decisions()).length) decided.ask({ marks: decisions() });
    else showOutcome(model.get("outcome"));
  }

  function onOutcome() {
    const outcome = decided.answered();
    if (outcome) showOutcome(outcome);
  }

  function showOutcome(outcome) {
    if (!table || !outcome.counts) return;
    const problems = outcome.failed ?? outcome.clashes;
    fail(problems.length ? problems : outcome.counts.taken ? [] : warning);
    setText(summary, outcome.summary);
    table.show(outcome.counts);
    missing.replaceChildren(h("summary", { text: `${words.missing} (${outcome.missing.length})` }), h("ul", {}, ...outcome.missing.map((text) => h("li", { text }))));
    missing.hidden = !outcome.missing.length;
    rest.hidden = !outcome.restCount;
    rest.replaceChildren(h("h3", { text: say(words.rest_title, { count: outcome.restCount }) }), h("p", { class: "soft", text: words.rest_lead }), restList(words, { text: outcome.rest, count: outcome.restCount }));
    if (into.id) showChanges(outcome.changes);
    showCount(outcome);
  }

  // Keeping

  const button = h("button", { type: "submit", class: "button primary" });
  const besides = h("p", { class: "soft" });
  const refused = h("div", { class: "alert", role: "alert", hidden: true });
  const who = h("input", { id: `${uid}-who`, class: "field", maxlength: 200, autocomplete: "name", "aria-describedby": `${uid}-who-hint` });
  const whoBox = () => h("div", {}, h("label", { class: "label", for: who.id, text: words.who }), who, h("p", { id: `${uid}-who-hint`, class: "soft", text: words.who_hint }));

  /** A field whose text is kept at every key. */
  function field(name, node, value) {
    node.value = work.about[name] ?? value;
    node.addEventListener("input", () => {
      work.about[name] = node.value;
      keep();
    });
    return node;
  }

  function wish(data) {
    if (button.disabled) return;
    refused.hidden = true;
    button.disabled = true;
    wished.ask({ ...data, who: who.value.trim() });
  }

  function makeForm(about) {
    const subject = subjectField(words, uid);
    field("subject", subject.input, about.subject);
    const date = field("date", h("input", { id: `${uid}-date`, type: "date", class: "field" }), about.date);
    field("who", who, about.assessor || kept("localStorage", NAME));
    const form = h(
      "form",
      { class: "make", novalidate: true },
      h("h3", { text: words.finish }),
      subject.node,
      h("div", {}, h("label", { class: "label", for: date.id, text: words.date }), date),
      ...facetFields(words, model.get("reading").facets, work.about.profile ?? about.profile),
      whoBox(),
      refused,
      h("div", { class: "actions" }, button, besides),
    );
    form.addEventListener("change", () => {
      work.about.profile = profileIn(form);
      keep();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const name = subject.given();
      if (name) wish({ subject: name, date: date.value, profile: profileIn(form), key: work.key });
    });
    return form;
  }

  const changes = h("div", { class: "changes" });
  const isTicked = (change) => work.ticks[change.criterion] ?? change.isNew;
  function changeForm() {
    field("who", who, kept("localStorage", NAME));
    const form = h("form", { class: "make wide", novalidate: true }, h("h3", { id: `${uid}-changes`, text: words.changes }), changes, h("div", { class: "narrow" }, whoBox()), refused, h("div", { class: "actions" }, button, besides));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      wish({ criteria: shownChanges.filter(isTicked).map((change) => change.criterion) });
    });
    return form;
  }

  function showChanges(found) {
    if (same(found, shownChanges)) return;
    shownChanges = found;
    if (!found.length) {
      changes.replaceChildren(h("p", { class: "soft", text: words.changes_none }));
      return;
    }
    const boxes = found.map((change) => {
      const box = h("input", { type: "checkbox", "aria-label": say(words.change_label, { criterion: change.name }) });
      box.checked = isTicked(change);
      box.addEventListener("change", () => tick([change], box.checked));
      return box;
    });
    function tick(some, on) {
      for (const change of some) work.ticks[change.criterion] = on;
      keep();
      showCount(model.get("outcome"));
    }
    const all = h("button", { type: "button", class: "link", text: words.changes_all });
    all.addEventListener("click", () => {
      for (const box of boxes) box.checked = true;
      tick(found, true);
    });
    const cell = (className, lines) => h("td", { role: "cell", class: className, "data-label": words[`column_${className}`] }, ...lines.map((text, index) => h("span", { class: index ? "soft" : "value", text })));
    const head = ["change", "criterion", "before", "after"].map((name) => h("th", { role: "columnheader", scope: "col", text: words[`column_${name}`] }));
    changes.replaceChildren(
      h("p", { class: "soft", text: words.changes_lead }),
      all,
      h(
        "table",
        { role: "table", "aria-labelledby": `${uid}-changes` },
        h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...head)),
        h("tbody", { role: "rowgroup" }, ...found.map((change, index) => h("tr", { role: "row", class: change.isNew ? "" : "replaces" }, h("td", { role: "cell", class: "tick" }, boxes[index]), h("td", { role: "cell", text: change.name }), cell("before", change.before), cell("after", change.after)))),
      ),
    );
  }

  function showCount(outcome) {
    const waiting = outcome.counts.confirm;
    const ticked = into.id ? (shownChanges ?? []).filter(isTicked).length : 0;
    setText(button, into.id ? say(words.fill, { count: ticked }) : words.create);
    button.disabled = Boolean(into.id) && !ticked;
    const said = [into.id ? "" : say(words.create_count, { count: outcome.answers }), waiting ? say(words.waiting, { count: waiting }) : ""];
    setText(besides, said.filter(Boolean).join(". "));
  }

  function onResult() {
    const result = wished.answered();
    if (!result) return;
    button.disabled = false;
    const problems = result.failed ?? result.stale ?? [];
    refused.replaceChildren(...(result.failed ? [] : [h("p", { text: result.said })]), ...problems.map((text) => h("p", { text })));
    refused.hidden = !problems.length;
    if (problems.length) return;
    const outcome = model.get("outcome");
    tab.drop("file", "work", "paste");
    if (!outcome.restCount) {
      location.assign(result.go);
      return;
    }
    // The list is the only place where these marks still are: it stays until somebody has seen it.
    const left = { text: outcome.rest, count: outcome.restCount };
    tab.write("rest", left);
    const go = h("a", { class: "button primary", href: result.go, text: words.go });
    const title = h("h2", { text: result.said, tabindex: "-1" });
    page.replaceChildren(h("section", { class: "kept" }, title, h("h3", { text: say(words.rest_title, { count: left.count }) }), h("p", { class: "soft", text: words.rest_lead }), restList(words, left), h("div", {}, go)));
    title.focus();
  }

  const page = h(
    "div",
    { class: "mlops mlops-importer" },
    h("div", { class: "lead" }, h("h2", { text: into.id ? say(words.title_into, { subject: into.subject }) : words.title }), h("p", { text: words.lead })),
    earlier,
    choosing,
    status,
    failed,
    results,
  );
  el.append(page);

  const listEarlier = tab.read("rest");
  if (listEarlier) {
    const forget = h("button", { type: "button", class: "link", text: words.rest_forget });
    forget.addEventListener("click", () => {
      tab.drop("rest");
      earlier.hidden = true;
    });
    earlier.replaceChildren(h("details", {}, h("summary", { text: say(words.rest_earlier, { count: listEarlier.count }) }), restList(words, listEarlier), forget));
    earlier.hidden = false;
  }
  model.on("change:reading", onReading);
  model.on("change:outcome", onOutcome);
  model.on("change:result", onResult);
  if (file) send();
  else if (work.name) status.textContent = say(words.again, { name: work.name });
  return () => {
    for (const question of [read, decided, wished]) question.stop();
    model.off("change:reading", onReading);
    model.off("change:outcome", onOutcome);
    model.off("change:result", onResult);
  };
}

export default { render };
