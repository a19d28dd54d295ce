// One criterion on the page: its question, its answer, and what folds out below.
// `form` is what it may ask of the whole: words, uid, answerOf, commit, send, seenBy, goTo.

const NA = "na";
const MOST_BESIDE = 24; // letters of all answers together that have room beside their question
const TYPING_PAUSE = 500; // ms after the last key before a text is sent
const ARROW_PAUSE = 250; // ms: arrow keys pass over answers on the way to the one meant

/** Answers side by side: for statements and ratings. Those that need more room than a question leaves stand below it. */
function segments(item, name) {
  const letters = item.options.reduce((sum, option) => sum + option.label.length, 0);
  return h(
    "div",
    { class: letters > MOST_BESIDE ? "segments options long" : "segments options" },
    ...item.options.map((option) =>
      h(
        "label",
        { class: option.part, title: option.help },
        h("input", { type: "radio", name, value: option.id, "aria-label": option.id === NA && option.help }),
        h("span", { text: option.label, "data-label": option.label, "aria-hidden": option.id === NA && "true" }),
      ),
    ),
  );
}

/** Answers below each other with their texts: for anchored questions. */
function cards(item, name) {
  return h(
    "div",
    { class: "cards options" },
    ...item.options.map((option) =>
      h(
        "label",
        { class: option.part },
        h("input", { type: "radio", name, value: option.id }),
        h("span", { class: "number", text: option.id === NA ? "–" : option.label, "aria-hidden": option.id === NA && "true" }),
        h("span", { text: option.id === NA ? option.help : option.text }),
      ),
    ),
  );
}

const plainText = { read: (text) => text, write: (text) => text ?? "" };
const oneALine = {
  read: (text) => text.split("\n").map((line) => line.trim()).filter(Boolean),
  write: (list) => (list ?? []).join("\n"),
};

/** A text of an answer: sent when typing pauses, kept in this browser at every key, never overwritten while in use. */
function textField(form, criterion, field, { tag = "textarea", className, label, rows, limit, read, write }) {
  const id = `${form.uid}-${criterion}-${field}`;
  const box = h(tag, { id, class: "field", rows, maxlength: limit });
  box.value = write(form.answerOf(criterion)[field]);
  box.addEventListener("input", () =>
    form.commit(criterion, { ...form.answerOf(criterion), [field]: read(box.value) }, { pause: TYPING_PAUSE }),
  );
  box.addEventListener("change", () => form.send());
  return {
    node: h("div", { class: className }, h("label", { class: "label", for: id, text: label }), box),
    show(answer, force) {
      const text = write(answer[field]);
      const inUse = document.activeElement === box && !force;
      if (!inUse && write(read(box.value)) !== text) box.value = text;
    },
  };
}

/** What folds out: what counts, a note, evidence, confidence. */
function foldOut(form, item, clear) {
  const { words } = form;
  const confidence = h(
    "fieldset",
    {},
    h("legend", { class: "label", text: words.confidence }),
    h(
      "div",
      { class: "confidence" },
      ...["", 1, 2, 3, 4, 5].map((value) =>
        h(
          "label",
          {},
          h("input", { type: "radio", name: `${form.uid}-${item.id}-confidence`, value, "aria-label": words[`confidence_${value}`] }),
          h("span", { text: value || words.confidence_none }),
        ),
      ),
    ),
  );
  confidence.addEventListener("change", (event) =>
    form.commit(item.id, { ...form.answerOf(item.id), confidence: Number(event.target.value) }),
  );
  const note =
    item.kind === "open" ? null : textField(form, item.id, "note", { label: words.note, rows: 3, limit: 4000, ...plainText });
  const evidence = textField(form, item.id, "evidence", { label: words.evidence, rows: 2, ...oneALine });
  return {
    node: h(
      "div",
      { class: "fold" },
      item.help && h("p", { text: item.help }),
      item.hints && h("p", { class: "soft", text: item.hints }),
      note?.node,
      evidence.node,
      confidence,
      h("div", {}, h("button", { type: "button", class: "link", text: words.clear, onclick: clear })),
    ),
    show(answer, force) {
      note?.show(answer, force);
      evidence.show(answer, force);
      for (const input of confidence.querySelectorAll("input")) input.checked = input.value === String(answer.confidence ?? "");
    },
  };
}

function criterionView(form, item) {
  const { words } = form;
  const name = `${form.uid}-${item.id}`;
  const mark = h("p", { class: "mark", id: `${name}-mark` });
  const options = item.kind === "anchored" ? cards(item, name) : segments(item, name);
  const inputs = [...options.querySelectorAll("input")];
  const fieldset = h("fieldset", { class: "question", "aria-describedby": mark.id }, h("legend", { text: item.text }), mark, options);
  const more = h("button", { type: "button", class: "link more", "aria-expanded": "false", onclick: unfold });
  const alerts = h("div", { role: "status" });
  const root = h("div", { class: `criterion ${item.kind}`, "data-id": item.id }, fieldset, more, alerts);
  let note = null;
  let fold = null;
  let reason = null;
  let byArrow = false;

  if (item.kind === "open") {
    note = textField(form, item.id, "note", { className: "answer", label: words.open_answer, rows: 4, limit: 4000, ...plainText });
    options.before(note.node, h("p", { class: "label", text: words.open_rating }));
  }
  options.addEventListener("keydown", (event) => (byArrow = event.key.startsWith("Arrow")));
  options.addEventListener("pointerdown", () => (byArrow = false));
  options.addEventListener("change", (event) =>
    form.commit(item.id, { ...form.answerOf(item.id), value: event.target.value }, { pause: byArrow ? ARROW_PAUSE : 0 }),
  );

  function unfold() {
    if (fold) {
      fold.node.remove();
      fold = null;
    } else {
      fold = foldOut(form, item, () => {
        form.commit(item.id, {}, { force: true });
        inputs[0].focus();
      });
      fold.show(form.answerOf(item.id), true);
      more.after(fold.node);
    }
    more.setAttribute("aria-expanded", String(fold !== null));
  }

  /** The reason is asked for while the answer is "not applicable", and only then. */
  function askReason(wanted) {
    if (wanted === (reason !== null)) return;
    if (wanted) {
      reason = textField(form, item.id, "reason", { tag: "input", className: "reason", label: words.na_reason, limit: 1000, ...plainText });
      fieldset.after(reason.node);
    } else {
      reason.node.remove();
      reason = null;
    }
  }

  function summaryOf(answer) {
    const links = answer.evidence?.length ?? 0;
    const by = form.seenBy(item.id);
    const inside = [
      answer.note && item.kind !== "open" && words.details_note,
      links && (links === 1 ? words.details_link : say(words.details_links, { count: links })),
      answer.confidence && say(words.details_confidence, { value: answer.confidence }),
    ].filter(Boolean);
    // What folds out is named even where there is nothing in it yet: a name alone would not say what the button does.
    return [...(inside.length ? inside : [words.details]), by && say(words.by, { who: by.who, time: hourAndMinute(by.at) })].filter(Boolean);
  }

  return {
    root,
    text: item.text,
    /** Whether a text of this criterion is being typed: what others say to it waits until that is done. */
    isInUse: () => root.contains(document.activeElement) && document.activeElement.matches("textarea, input:not([type=radio])"),
    focus() {
      (inputs.find((input) => input.checked) ?? inputs[0]).focus({ preventScroll: true });
    },
    /** Show an answer; a text that is being typed stays, unless it is forced. */
    show(answer, { force = false } = {}) {
      for (const input of inputs) input.checked = input.value === answer.value;
      askReason(answer.value === NA);
      for (const part of [reason, note, fold]) part?.show(answer, force);
      setText(more, summaryOf(answer).join(" · "));
      more.setAttribute("aria-label", `${more.textContent}: ${item.text}`);
    },
    /** Show what the score says about this criterion. */
    mark(data) {
      const implied = data?.kind === "implied" && !form.answerOf(item.id).value;
      for (const input of inputs) input.parentElement.classList.toggle("implied", implied && input.value === data.value);
      mark.classList.toggle("act", data?.kind === "contradictory" || data?.kind === "reason");
      mark.replaceChildren(...markOf(form, data));
    },
    alert(...nodes) {
      alerts.replaceChildren(...nodes);
    },
  };
}

/** A sentence of the score; where it speaks of another criterion it leads there. */
function markOf(form, data) {
  if (!data) return [];
  return [data.by ? h("button", { type: "button", class: "link", text: data.text, onclick: () => form.goTo(data.by) }) : data.text];
}

/** A sentence that is ticked where it is true, and never scored. */
function descriptorView(form, item) {
  const input = h("input", { type: "checkbox" });
  const mark = h("span", { class: "mark" });
  const alerts = h("div", { role: "status" });
  input.addEventListener("change", () => form.commit(item.id, input.checked ? { value: "yes" } : {}));
  return {
    root: h("div", { "data-id": item.id, class: "descriptor" }, h("label", {}, input, h("span", { text: item.text })), mark, alerts),
    text: item.text,
    isInUse: () => false,
    focus: () => input.focus({ preventScroll: true }),
    show(answer) {
      input.checked = answer.value === "yes";
    },
    mark(data) {
      mark.classList.toggle("act", Boolean(data));
      mark.replaceChildren(...markOf(form, data));
    },
    alert(...nodes) {
      alerts.replaceChildren(...nodes);
    },
  };
}
