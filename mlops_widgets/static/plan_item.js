// One item of the plan: a line that is read at a glance, and a form that opens under it.

/** An id for a new item: like Python's, nothing but small letters and digits. */
function newId() {
  const letters = "abcdefghijkmnpqrstuvwxyz23456789";
  return [...crypto.getRandomValues(new Uint8Array(12))].map((each) => letters[each % letters.length]).join("");
}

/** Write a number of weeks as people do. */
const weeks = (words, effort) => say(words.effort_short, { weeks: effort });

/** Write days as people do; the year stands once where it is the same. */
function dates(words, { start, due }) {
  const names = words.month_names.split(" ");
  const day = (iso, withYear) => {
    const [year, month, number] = iso.split("-").map(Number);
    return `${number} ${names[month - 1]}${withYear ? ` ${year}` : ""}`;
  };
  if (start && due) return say(words.dates, { start: day(start, start.slice(0, 4) !== due.slice(0, 4)), due: day(due, true) });
  return start ? say(words.dates_start, { start: day(start, true) }) : due ? say(words.dates_due, { due: day(due, true) }) : "";
}

/**
 * @param plan what the page offers its items: words, rows, uid, contentOf, commit, send, titleOf, others, move, drop
 * @param {string} id
 */
function itemView(plan, id) {
  const { words, uid } = plan;
  const key = `item.${id}`;
  const now = () => plan.contentOf(key);
  const change = (fields, options) => plan.commit(key, { ...now(), ...fields }, options);

  // ---- The line

  const done = h("input", { type: "checkbox", onchange: () => change({ status: done.checked ? "done" : "" }) });
  const title = h("button", { type: "button", class: "title", dir: "auto", "aria-expanded": "false", "aria-keyshortcuts": "Alt+ArrowUp Alt+ArrowDown", onclick: () => unfold(!isOpen()) });
  const facts = h("p", { class: "facts" });
  const blocker = h("p", { class: "blocker", hidden: true });
  const bar = h("span", { class: "span", hidden: true });
  const track = h("div", { class: "track", "aria-hidden": "true" }, bar);
  // By keyboard an item moves with Alt and an arrow, so its buttons need no stop of their own: a long plan has many.
  const up = h("button", { type: "button", class: "step", tabindex: "-1", text: "↑", title: words.move_hint, onclick: () => plan.move(id, -1) });
  const down = h("button", { type: "button", class: "step", tabindex: "-1", text: "↓", title: words.move_hint, onclick: () => plan.move(id, 1) });
  const told = h("div", { class: "told" });
  const fold = h("div", { class: "fold", id: `${uid}-${id}`, hidden: true });
  title.setAttribute("aria-controls", fold.id);
  const root = h(
    "li",
    { "data-id": id, class: "item", onkeydown: press },
    h("label", { class: "done" }, done),
    h("div", { class: "what" }, title, facts, blocker),
    track,
    h("div", { class: "move" }, up, down),
    told,
    fold,
  );

  function press(event) {
    if (event.key === "Escape" && isOpen()) {
      event.stopPropagation();
      unfold(false);
      title.focus();
    } else if (event.altKey && !fold.contains(event.target) && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      plan.move(id, event.key === "ArrowUp" ? -1 : 1);
    }
  }

  // ---- The form, made when it is first opened

  const fields = new Map();
  let criteria;
  let after;

  function field(name, control, { read = (text) => text.trim(), pause = TYPING_PAUSE, wide = false } = {}) {
    control.id = `${uid}-${id}-${name}`;
    if (name !== "status") control.setAttribute("maxlength", { title: 200, owner: 200, blocker: 1000, note: 4000 }[name] ?? 20);
    const send = () => {
      const value = read(control.value);
      control.toggleAttribute("aria-invalid", false);
      if (value === undefined || control.validity.badInput || (name === "title" && !value)) {
        control.setAttribute("aria-invalid", "true");
        return;
      }
      change({ [name]: value }, { pause });
    };
    control.addEventListener(control.matches("select") ? "change" : "input", send);
    control.addEventListener("blur", () => plan.send());
    fields.set(name, control);
    return h("div", { class: wide ? "wide" : "" }, h("label", { class: "label", for: control.id, text: words[name] }), control);
  }

  /** A list of chosen things, each with a button that takes it out, and a choice of more. */
  function chosen(name, { label, choice, none, removeLong, options, textOf, groups }) {
    const list = h("ul", { class: "chosen" });
    const select = h("select", { id: `${uid}-${id}-${name}`, class: "field" });
    const choose = () => {
      if (select.value) change({ [name]: [...(now()[name] ?? []), select.value] });
      select.value = "";
    };
    // A closed list changes with every arrow and letter: what is passed on the way is chosen by Enter, or by going on.
    let isPassing = false;
    for (const type of ["keydown", "keypress"]) {
      select.addEventListener(type, (event) => {
        if (event.key === "Escape") select.value = "";
        else if (event.key === "Enter" && select.value) {
          event.preventDefault();
          choose();
        } else {
          isPassing = true;
          setTimeout(() => (isPassing = false)); // an open list changes later, when something is picked
        }
      });
    }
    select.addEventListener("change", () => isPassing || choose());
    select.addEventListener("blur", choose);
    let shown = "";
    return {
      node: h("div", { class: "wide" }, h("label", { class: "label", for: select.id, text: label }), list, select),
      show() {
        const given = now()[name] ?? [];
        const open = options().filter((option) => !given.includes(option.id));
        const state = JSON.stringify([given.map((each) => [each, textOf(each)]), open]);
        if (state === shown) return;
        shown = state;
        list.replaceChildren(
          ...given.map((each, index) =>
            h(
              "li",
              {},
              h("span", { text: textOf(each) }),
              h("button", {
                type: "button",
                class: "step",
                text: "×",
                "aria-label": say(removeLong, { text: textOf(each) }),
                onclick() {
                  change({ [name]: given.filter((other) => other !== each) });
                  (list.querySelectorAll("button")[Math.min(index, given.length - 2)] ?? select).focus();
                },
              }),
            ),
          ),
        );
        if (!given.length && none) list.append(h("li", { class: "soft", text: none }));
        const choices = (among) => among.map((option) => h("option", { value: option.id, text: option.text }));
        const parts = groups
          ? groups().map((group) => h("optgroup", { label: group.title }, ...choices(open.filter((option) => option.group === group.title))))
          : choices(open);
        const passed = open.some((option) => option.id === select.value) ? select.value : "";
        select.replaceChildren(h("option", { value: "", text: choice }), ...parts.filter((part) => part.value || part.childElementCount));
        select.value = passed;
      },
    };
  }

  function build() {
    if (fold.childElementCount) return;
    const text = (type = "text") => h("input", { type, class: "field", autocomplete: "off" });
    criteria = chosen("criteria", {
      label: words.criteria,
      choice: words.criteria_choose,
      none: words.criteria_none,
      removeLong: words.unlink,
      options: () => plan.criteria,
      textOf: plan.criterion,
      groups: () => plan.rows.sections,
    });
    after = chosen("after", {
      label: words.after,
      choice: words.after_choose,
      removeLong: words.after_remove,
      options: () => plan.others(id),
      textOf: (other) => (plan.contentOf(`item.${other}`).status === "dropped" ? say(words.after_gone, { title: plan.titleOf(other) }) : plan.titleOf(other)),
    });
    fold.append(
      h(
        "div",
        { class: "fields" },
        field("title", text(), { wide: true }),
        field("owner", text()),
        field("effort", h("input", { type: "text", inputmode: "decimal", class: "field", autocomplete: "off" }), { read: (text) => typedNumber(text, 500) }),
        field("start", text("date"), { read: typedDay, pause: DATE_PAUSE }),
        field("due", text("date"), { read: typedDay, pause: DATE_PAUSE }),
        field("status", h("select", { class: "field" }, ...plan.rows.statuses.map((status) => h("option", { value: status.id, text: status.label }))), {
          read: (value) => (value === "planned" ? "" : value),
        }),
        field("blocker", text(), { wide: true }),
        criteria.node,
        after.node,
        field("note", h("textarea", { class: "field", rows: 2 }), { wide: true }),
      ),
      h(
        "div",
        { class: "ends" },
        h("button", { type: "button", class: "button", text: words.close, onclick: () => (unfold(false), title.focus()) }),
        h("button", { type: "button", class: "button", text: words.drop, onclick: () => plan.drop(id) }),
        h("span", { class: "soft", text: words.move_hint }),
      ),
    );
  }

  const isOpen = () => !fold.hidden;

  function unfold(wanted) {
    if (wanted) build();
    else plan.send();
    fold.hidden = !wanted;
    title.setAttribute("aria-expanded", String(wanted));
    root.classList.toggle("open", wanted);
    plan.opened(id, wanted);
    show();
  }

  // ---- Showing what is there

  const isInUse = () => fold.contains(document.activeElement) && document.activeElement.matches("input, textarea");

  function fact(text, className) {
    return text && h("bdi", { class: className ?? "", text }); // a name written from right to left turns nothing else around
  }

  let shownFacts = "";
  function show({ force = false } = {}) {
    const item = now();
    const more = plan.more(id);
    const status = item.status ?? "planned";
    setText(title, item.title ?? "");
    done.checked = status === "done";
    done.setAttribute("aria-label", say(words.done_long, { title: item.title ?? "" }));
    up.setAttribute("aria-label", say(words.up_long, { title: item.title ?? "" }));
    down.setAttribute("aria-label", say(words.down_long, { title: item.title ?? "" }));
    root.dataset.status = status;
    const told = [
      item.owner || words.owner_none,
      item.effort && weeks(words, item.effort),
      dates(words, item) || words.no_dates,
      more.phase,
      more.after,
    ].filter(Boolean);
    const state = JSON.stringify([status, told, more.problem]);
    if (state !== shownFacts) {
      shownFacts = state;
      const parts = [status !== "planned" && fact(words[`status_${status}`], "state"), ...told.map((text) => fact(text)), fact(more.problem, "problem")];
      facts.replaceChildren(...parts.filter(Boolean).flatMap((part, index) => (index ? [" · ", part] : [part])));
    }
    blocker.hidden = !(status === "blocked" && item.blocker);
    setText(blocker, item.blocker ?? "");
    const place = plan.place(id);
    bar.hidden = !place;
    track.hidden = !plan.hasTimeline();
    if (place) {
      bar.style.setProperty("--from", place.from);
      bar.style.setProperty("--to", place.to);
    }
    if (!isOpen()) return;
    for (const [name, control] of fields) {
      const value = String(item[name] ?? (name === "status" ? "planned" : ""));
      if ((force || control !== document.activeElement) && control.value !== value) control.value = value;
    }
    criteria.show();
    after.show();
  }

  return {
    root,
    show,
    isInUse,
    isOpen,
    unfold,
    focus: () => title.focus(),
    /** Begin to write: the title of a new item is there to be typed over. */
    write() {
      unfold(true);
      fields.get("title").select();
    },
    alert: (...nodes) => told.replaceChildren(...nodes),
  };
}
