// Where the subject stands, what it aims for, and where the plan leads.

/** @param page what the page offers: words, rows, uid, contentOf */
function planOutlook(page, fields) {
  const { words, rows, uid } = page;
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

  const targets = h(
    "section",
    { class: "aims", "aria-labelledby": `${uid}-targets` },
    h("h2", { id: `${uid}-targets`, text: words.targets }),
    h("div", { class: "heads soft", "aria-hidden": "true" }, h("span"), h("span"), h("span", { text: words.target_now }), h("span", { text: words.target_wanted }), h("span", { text: words.target_then })),
    targetList,
    fields.bound("plan.targets_by", fields.input("date"), { label: words.targets_by, read: typedDay, pause: DATE_PAUSE }),
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
    },
  };
}
