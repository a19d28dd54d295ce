// What the answers come to, beside the questions: level, bar, what blocks the next level, profile.

/** A bar with the mark that has to be reached. */
function markedBar() {
  const inner = bar();
  const mark = h("span", { class: "mark", "aria-hidden": "true" });
  return {
    node: h("div", { class: "bar-box" }, inner.node, mark),
    set(data) {
      inner.set(data.value, data.high);
      mark.hidden = data.mark === null;
      mark.style.setProperty("--to", data.mark ?? 0);
    },
  };
}

/** @param {{goTo(id: string): void, showBlocking(): void}} form */
function resultView(words, form) {
  const level = h("strong");
  const levelNote = h("span", { class: "soft" });
  const levelName = h("span", { class: "name" });
  const wide = markedBar();
  const now = h("span", { class: "soft" });
  const then = h("span", { class: "soft" });
  const needed = h("p", { class: "soft" });
  const notice = h("p", { class: "alert", hidden: true });

  const blocksTitle = h("h2");
  const blocks = h("ul", { class: "blocks" });
  const more = h("button", { type: "button", class: "link", onclick: () => form.showBlocking() });
  const note = h("p", { class: "soft" });
  const blocking = h("section", {}, blocksTitle, blocks, h("p", {}, more), note);

  const profile = h("ul", { class: "profile" });
  const spokes = new Map();

  // The same in one line, for where there is no room beside the questions.
  const stripLevel = h("strong");
  const narrow = markedBar();
  const stripNow = h("span", { class: "soft" });

  let shownBlocks = "";
  function showBlocks(data) {
    const text = JSON.stringify(data);
    if (text === shownBlocks) return;
    shownBlocks = text;
    const inFocus = blocks.contains(document.activeElement);
    blocking.hidden = !data.title && !data.note;
    blocksTitle.hidden = !data.title;
    setText(blocksTitle, data.title);
    blocks.replaceChildren(
      ...data.items.map((item) =>
        h(
          "li",
          {},
          h("button", { type: "button", class: "link", text: item.text, onclick: () => form.goTo(item.id) }),
          item.state && h("span", { class: "chip", text: item.state }),
          h("span", { class: "soft", text: item.section }),
        ),
      ),
    );
    if (inFocus) blocks.querySelector("button")?.focus();
    more.hidden = !data.more;
    setText(more, data.more);
    setText(note, data.note);
  }

  function showSpoke(data) {
    if (!spokes.has(data.id)) {
      const spoke = { bar: bar(), text: h("span", { class: "soft" }) };
      spokes.set(data.id, spoke);
      profile.append(h("li", {}, h("span", { text: data.label, title: data.title }), spoke.bar.node, spoke.text));
    }
    spokes.get(data.id).bar.set(data.value, data.high);
    setText(spokes.get(data.id).text, data.text);
  }

  return {
    aside: h(
      "aside",
      { class: "result", "aria-label": words.result },
      h("section", {}, h("h2", { class: "level" }, level, levelNote, levelName), wide.node, h("div", { class: "ends-of-bar" }, now, then), needed, notice),
      blocking,
      h("section", {}, h("h2", { text: words.profile }), profile),
    ),
    strip: h("div", { class: "strip", "aria-hidden": "true" }, stripLevel, narrow.node, stripNow),
    show(summary) {
      for (const node of [level, stripLevel]) setText(node, summary.level.label);
      for (const node of [now, stripNow]) setText(node, summary.bar.now);
      for (const each of [wide, narrow]) each.set(summary.bar);
      setText(levelNote, summary.level.note);
      setText(levelName, summary.level.name);
      setText(then, summary.bar.then);
      setText(needed, summary.bar.mark_text);
      setText(notice, summary.notice);
      notice.hidden = !summary.notice;
      showBlocks(summary.blocks);
      summary.profile.forEach(showSpoke);
    },
  };
}
