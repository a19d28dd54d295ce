// Where the subject stands, what it aims for, and where the plan leads.

/** @param page what the page offers: model, words, rows, uid, contentOf, views */
function planOutlook(page, fields) {
  const { model, words, rows, uid } = page;
  const level = h("strong");
  const levelNote = h("span", { class: "soft" });
  const bars = ["then", "ticked", "now"].map((name) => h("span", { class: name }));
  const marks = h("div", { class: "marks", "aria-hidden": "true" });
  const sentences = ["then", "done"].map((name) => h("p", { class: `said ${name}` }));
  const nextTitle = h("button", { type: "button", class: "link", onclick: () => page.views.get(model.get("view").next.id)?.focus() });
  const nextAbout = h("bdi", { class: "soft" });
  const next = h("p", { class: "said next" }, h("span", { class: "soft", text: words.next }), h("bdi", {}, nextTitle), nextAbout);
  const notice = h("p", { class: "alert", hidden: true });
  const stand = h(
    "section",
    { class: "stand", "aria-labelledby": `${uid}-stand` },
    h("h2", { id: `${uid}-stand`, text: words.stand }),
    h("p", { class: "level" }, level, levelNote),
    h("div", { class: "bar", "aria-hidden": "true" }, ...bars),
    marks,
    ...sentences,
    next,
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
    fields.bound(`target.${id}`, select, { read: (text) => (text === "" ? "" : Number(text)), pause: 0 });
    // Zero is a level, and a file may ask for one between two levels.
    fields.fields.get(`target.${id}`).write = (value) => {
      const text = String(page.contentOf(`target.${id}`).value ?? value);
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

  const aim = h("p", { class: "soft", hidden: true });
  const late = h("p", { class: "late", hidden: true });
  const targets = h(
    "section",
    { class: "aims", "aria-labelledby": `${uid}-targets` },
    h(
      "div",
      { class: "heading" },
      h("h2", { id: `${uid}-targets`, text: words.targets }),
      fields.bound("plan.targets_by", fields.input("date", { "aria-label": words.targets_by }), { label: words.targets_by_short, read: typedDay, pause: DATE_PAUSE }),
    ),
    h("div", { class: "heads soft", "aria-hidden": "true" }, h("span"), h("span"), h("span", { text: words.target_now }), h("span", { text: words.target_wanted }), h("span", { text: words.target_then })),
    targetList,
    aim,
    late,
  );

  return {
    stand,
    targets,
    show(view) {
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
      const told = [[sentences[0], view.then], [sentences[1], view.done], [notice, view.notice], [aim, view.aim], [late, view.late]];
      for (const [node, text] of told) {
        node.hidden = !text;
        setText(node, text);
      }
      next.hidden = !view.next;
      setText(nextTitle, view.next?.title ?? "");
      setText(nextAbout, view.next?.about ?? "");
      for (const target of view.targets) {
        if (!targetRows.has(target.id)) targetRows.set(target.id, targetRow(target));
        targetRows.get(target.id).show(target);
      }
      targets.hidden = !view.targets.length;
    },
  };
}
