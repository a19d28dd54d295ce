// The start page: one form, one list. It asks Python to begin, and goes where Python says.

const DRAFT = "mlops-widgets:start"; // what is filled in, for a reload: this tab's own

function render({ model, el }) {
  const words = model.get("words");
  const rubrics = model.get("rubrics");
  const uid = `mlops-${Math.random().toString(36).slice(2, 8)}`;
  let number = 0;
  const draft = { profile: [], ...keptParts(DRAFT) };
  const first = rubrics.find((rubric) => rubric.id === draft.rubric) ?? rubrics[0];

  const facets = h("div", { class: "facets" });
  const choices = rubrics.map((rubric) => {
    const input = h("input", { type: "radio", name: `${uid}-rubric`, value: rubric.id, checked: rubric === first });
    input.addEventListener("change", showFacets);
    return h(
      "label",
      { class: "rubric" },
      input,
      h("span", { class: "title", text: rubric.title }),
      h("span", { class: "soft", text: rubric.meta }),
      h("span", { class: "description", text: rubric.description }),
    );
  });

  const subject = subjectField(words, uid);
  subject.input.value = draft.subject ?? "";
  const who = h("input", { id: `${uid}-who`, class: "field", maxlength: 200, autocomplete: "name", "aria-describedby": `${uid}-who-hint` });
  who.value = draft.who ?? kept("localStorage", NAME);
  const failed = h("p", { class: "alert", role: "alert", hidden: true });
  const begin = h("button", { type: "submit", class: "button primary", text: words.begin });

  const chosen = () => rubrics.find((rubric) => rubric.id === el.querySelector(`input[name="${uid}-rubric"]:checked`)?.value) ?? first;

  function showFacets() {
    facets.replaceChildren(...facetFields(words, chosen().facets, draft.profile));
  }

  function wish(data) {
    if (begin.disabled) return; // one wish at a time: a double click means one
    number += 1;
    keep("localStorage", NAME, who.value.trim());
    failed.hidden = true;
    begin.disabled = true;
    begin.textContent = words.beginning;
    model.set("wish", { number, who: who.value.trim(), ...data });
    model.save_changes();
  }

  const form = h(
    "form",
    { class: "new", novalidate: true },
    h("h2", { text: words.new }),
    h("fieldset", {}, h("legend", { class: "label", text: words.rubric }), h("div", { class: "rubrics" }, ...choices)),
    h(
      "div",
      { class: "rest" },
      subject.node,
      facets,
      h("div", {}, h("label", { class: "label", for: who.id, text: words.who }), who, h("p", { id: `${uid}-who-hint`, class: "soft", text: words.who_hint })),
      failed,
      h("div", {}, begin),
    ),
  );
  form.addEventListener("input", () => {
    Object.assign(draft, { rubric: chosen().id, subject: subject.input.value, profile: profileIn(facets), who: who.value });
    keep("sessionStorage", DRAFT, JSON.stringify(draft));
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const name = subject.given();
    if (name) wish({ rubric: chosen().id, subject: name, profile: profileIn(facets) });
  });

  const list = h("ul", { class: "list" });
  const earlier = h("section", { class: "earlier", "aria-labelledby": `${uid}-earlier` }, h("h2", { id: `${uid}-earlier`, text: words.earlier }), list);
  function showEarlier() {
    const items = model.get("earlier");
    list.replaceChildren(
      ...items.map((item) =>
        h(
          "li",
          {},
          h("a", { href: item.assess, class: "title", text: item.subject, "aria-label": say(words.open_long, { subject: item.subject }) }),
          h("span", { class: "soft", text: item.meta }),
          h(
            "span",
            { class: "actions" },
            h("a", { class: "link", href: item.plan, text: words.plan, "aria-label": say(words.plan_long, { subject: item.subject }) }),
            h("a", { class: "link", href: item.report, text: words.report, "aria-label": say(words.report_long, { subject: item.subject }) }),
            h("button", { type: "button", class: "link", text: words.duplicate, "aria-label": say(words.duplicate_long, { subject: item.subject }), onclick: () => wish({ duplicate: item.id }) }),
          ),
        ),
      ),
    );
    if (!items.length) list.replaceChildren(h("li", {}, h("span", { class: "soft", text: words.none })));
  }

  function onReply() {
    const reply = model.get("reply");
    if (reply.number !== number) return;
    if (reply.go) {
      keep("sessionStorage", DRAFT, "");
      location.assign(reply.go);
    } else {
      begin.disabled = false;
      begin.textContent = words.begin;
      failed.textContent = say(words.failed, { message: reply.failed });
      failed.hidden = false;
    }
  }

  el.append(h("div", { class: "mlops mlops-start" }, h("div", { class: "lead" }, h("h2", { text: words.title }), h("p", { text: words.lead }), h("a", { class: "link", href: model.get("elsewhere").import, text: words.bring }), h("a", { class: "link below", href: `#${uid}-earlier`, text: words.earlier })), h("div", { class: "columns" }, form, earlier)));
  showFacets();
  showEarlier();
  model.on("change:earlier", showEarlier);
  model.on("change:reply", onReply);
  return () => {
    model.off("change:earlier", showEarlier);
    model.off("change:reply", onReply);
  };
}

export default { render };
