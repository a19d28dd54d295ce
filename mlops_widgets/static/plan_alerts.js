// What needs a person: two who changed the same thing, and what was not accepted.

const isItem = (about) => about.startsWith("item.");

/** @param page what the page offers: model, words, live, known, views, contentOf, commit, titleOf, criterion, page.addButton, suggestButton */
function planAlerts(page, fields) {
  const { model, words, live } = page;
  const alerts = h("div", { class: "alerts" });
  const alerted = new Map();
  const conflictButton = h("button", { type: "button", class: "button act", hidden: true, onclick: () => alerts.querySelector("button")?.focus() });

  /** What something is called in a sentence. */
  function nameOf(about, content = page.contentOf(about)) {
    const [kind, name] = [about.split(".", 1)[0], about.slice(about.indexOf(".") + 1)];
    if (kind === "item") return content.title ?? page.known.get(about)?.content.title ?? page.titleOf(name);
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

  /** Something was saved: what was said of its form is over; what a person has to decide stays. */
  function accepted(about) {
    if (!alerted.get(about)?.querySelector("button")) settle(about);
    else if (isItem(about)) page.views.get(about.slice(5))?.alert();
  }

  function settle(about) {
    alerted.get(about)?.remove();
    alerted.delete(about);
    if (isItem(about)) page.views.get(about.slice(5))?.alert();
    showAlerts();
  }

  function showAlerts() {
    const open = [...alerted.values()].filter((node) => node.querySelector("button")).length;
    conflictButton.hidden = !open;
    setText(conflictButton, say(words.conflicts, { count: open }));
  }

  function refuse(about, message) {
    const text = say(words.refused, { message });
    const view = isItem(about) && page.views.get(about.slice(5));
    if (view) view.alert(h("p", { class: "alert", text }));
    else alertOn(about, h("p", { text: `${nameOf(about)}: ${text}` }));
    live.textContent = text;
  }

  const asText = (value, name) =>
    value === undefined || value === ""
      ? words.empty
      : Array.isArray(value)
        ? value.map((each) => (name === "after" ? page.titleOf(each) : name === "criteria" ? page.criterion(each) : (each.name ?? each))).join(", ")
        : name === "status"
          ? words[`status_${value}`]
          : typeof value === "object"
            ? Object.values(value).join(", ")
            : String(value);

  /**
   * Somebody else was faster. Where both changed different fields, both changes stand; where the same, both are in the
   * history and a person says which one counts. Places in the order are not worth a question.
   */
  function conflict(about, mine, before) {
    const entry = model.get("entries")[about] ?? { content: {} };
    const theirs = entry.content;
    const changed = (content) => Object.keys({ ...before, ...content }).filter((name) => !same(before[name], content[name]));
    const own = changed(mine);
    if (isItem(about) && theirs.title && mine.title && !own.some((name) => name !== "rank" && changed(theirs).includes(name))) {
      page.commit(about, { ...theirs, ...Object.fromEntries(own.map((name) => [name, mine[name]])) }, { undo: false });
      return;
    }
    const what = nameOf(about, Object.keys(mine).length ? mine : theirs);
    const gone = isItem(about) && !theirs.title;
    const differ = own.filter((name) => name !== "rank" && !same(theirs[name], mine[name]));
    const ours = Object.fromEntries(own.map((name) => [name, mine[name]]));
    page.views.get(about.slice(5))?.show({ force: true });
    const choose = (text, run) =>
      h("button", {
        type: "button",
        class: "button",
        text,
        onclick() {
          settle(about);
          run();
          (page.views.get(about.slice(5)) ?? fields.fields.get(about)?.control ?? page.addButton).focus();
        },
      });
    alertOn(
      about,
      h("p", { text: say(gone ? words.conflict_gone : words.conflict, { who: entry.who || words.someone, what }) }),
      ...(gone ? [] : differ.slice(0, 5)).map((name) =>
        h("p", { text: say(words.conflict_field, { field: words[name] ?? what, theirs: asText(theirs[name], name), mine: asText(mine[name], name) }) }),
      ),
      choose(words.conflict_keep, () => {}),
      choose(words.conflict_mine, () => page.commit(about, isItem(about) && !gone && mine.title ? { ...page.contentOf(about), ...ours } : mine)),
    );
    live.textContent = conflictButton.textContent;
  }

  return { node: alerts, button: conflictButton, nameOf, accepted, refuse, conflict };
}
