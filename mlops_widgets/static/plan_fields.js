// Single fields of the plan: targets, owner, start, capacity, what a criterion takes, metrics, budget.

const TYPING_PAUSE = 500; // ms
const DATE_PAUSE = 1500; // ms: a date is typed in three parts, and each alone makes a wrong one

const typedDay = (text) => (text && text < "1970" ? undefined : text); // a year before that is one still being typed

/** Read a number as it is typed: nothing where there is none yet, undefined where it is none. */
function typedNumber(text, most = 1000) {
  if (!text.trim()) return "";
  const value = Number(text.replace(",", "."));
  return value > 0 && value <= most ? value : undefined;
}

/** @param page what the page offers: words, uid, contentOf, commit, send */
function planFields(page) {
  const { words, uid } = page;
  /** @type {Map<string, {control: HTMLElement, write(value: any): void}>} */
  const fields = new Map();

  /** A control for one field of the plan; what it holds is sent as it changes, and never replaced while in use. */
  function bound(about, control, { label, read = (text) => text.trim(), pause = TYPING_PAUSE } = {}) {
    control.id = `${uid}-${about.replaceAll(".", "-")}`;
    const send = () => {
      const value = control.validity.badInput ? undefined : read(control.value);
      control.toggleAttribute("aria-invalid", false);
      if (value === undefined) control.setAttribute("aria-invalid", "true");
      else page.commit(about, { value }, { pause });
    };
    control.addEventListener(control.matches("select") ? "change" : "input", send);
    control.addEventListener("blur", () => page.send());
    fields.set(about, { control, write: (value) => control.value !== String(value) && (control.value = value) });
    return label ? h("div", {}, h("label", { class: "label", for: control.id, text: label }), control) : control;
  }

  const input = (type = "text", more = {}) => h("input", { type, class: "field", autocomplete: "off", maxlength: 200, ...more });
  const numberField = (label) => h("input", { type: "text", inputmode: "decimal", class: "field", maxlength: 8, autocomplete: "off", "aria-label": label });

  function showFields() {
    for (const [about, { control, write }] of fields) if (control !== document.activeElement) write(page.contentOf(about).value ?? "");
    showMetrics();
  }

  const METRIC = ["name", "current", "target"];
  const metrics = h("ul", { class: "metrics" });
  const metricsOf = () => page.contentOf("plan.metrics").value ?? [];
  const emptyMetric = h("button", { type: "button", class: "button", text: words.metric_add, onclick: () => (addMetric(), metrics.lastElementChild.querySelector("input").focus()) });

  /** A metric without a name is not sent: it has yet to be written. */
  function sendMetrics(pause) {
    const written = [...metrics.children].map((row) => {
      const texts = [...row.querySelectorAll("input")].map((box) => box.value.trim());
      return tidy(Object.fromEntries(METRIC.map((name, index) => [name, texts[index]])));
    });
    page.commit("plan.metrics", { value: written.filter((metric) => metric.name) }, { pause });
  }

  function addMetric(metric = {}) {
    const row = h("li", {});
    const remove = h("button", { type: "button", class: "step", text: "×" });
    for (const name of METRIC) {
      const box = input("text", { "aria-label": words[`metric_${name}`], placeholder: words[`metric_${name}`] });
      box.value = metric[name] ?? "";
      box.addEventListener("input", () => {
        number();
        sendMetrics(TYPING_PAUSE);
      });
      box.addEventListener("blur", () => page.send());
      row.append(box);
    }
    remove.addEventListener("click", () => {
      row.remove();
      number();
      sendMetrics(0);
      emptyMetric.focus();
    });
    row.append(remove);
    metrics.append(row);
    number();
  }

  /** Name what stands in each row: by its number, so that the focus is found again after a reload. */
  function number() {
    for (const [index, row] of [...metrics.children].entries()) {
      const boxes = row.querySelectorAll("input");
      for (const [at, box] of boxes.entries()) box.id = `${uid}-metric-${index}-${METRIC[at]}`;
      row.querySelector("button").setAttribute("aria-label", say(words.metric_remove, { name: boxes[0].value.trim() }));
    }
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
    box.addEventListener("input", () => page.commit(about, { value: tidy({ ...(page.contentOf(about).value ?? {}), [name]: box.value.trim() }) }, { pause: TYPING_PAUSE }));
    box.addEventListener("blur", () => page.send());
    fields.set(`${about}.${name}`, {
      control: box,
      write() {
        const value = page.contentOf(about).value?.[name] ?? "";
        if (box.value !== value) box.value = value;
      },
    });
    return h("div", {}, h("label", { class: "label", for: box.id, text: words[`budget_${name}`] }), box);
  }

  /** Whether somebody types into what is about this. */
  function inUse(about) {
    const typing = document.activeElement?.matches("input, textarea");
    if (about === "plan.metrics") return typing && metrics.contains(document.activeElement);
    return typing && [...fields].some(([name, field]) => (name === about || name.startsWith(`${about}.`)) && field.control === document.activeElement);
  }

  return { bound, input, numberField, fields, metrics, addMetric: emptyMetric, budgetField, show: showFields, inUse };
}
