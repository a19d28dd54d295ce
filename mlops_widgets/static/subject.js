// What is asked about a subject before its assessment is made: its name, and what it is used for.

/**
 * The questions of a rubric that decide which of its criteria apply.
 * @param {{question: string, options: {id: string, label: string}[]}[]} facets
 * @param {string[]} chosen ids of the options that are ticked
 */
function facetFields(words, facets, chosen = []) {
  const choice = ({ id, label }) => h("label", {}, h("input", { type: "checkbox", name: "facet", value: id, checked: chosen.includes(id) }), h("span", { text: label }));
  return facets.map(({ question, options }) =>
    h("fieldset", {}, h("legend", { class: "label", text: question }), h("div", { class: "choices" }, ...options.map(choice)), h("p", { class: "soft", text: words.facet_hint })),
  );
}

/** The options that are ticked below a node. */
const profileIn = (node) => [...node.querySelectorAll('input[name="facet"]:checked')].map((box) => box.value);

/** The field for the name, with the hint that turns into an alert when it is left empty. */
function subjectField(words, uid) {
  const hint = h("p", { id: `${uid}-subject-hint`, class: "soft", text: words.subject_hint });
  const input = h("input", { id: `${uid}-subject`, class: "field", maxlength: 200, autocomplete: "off", "aria-describedby": hint.id });
  return {
    input,
    node: h("div", {}, h("label", { class: "label", for: input.id, text: words.subject }), input, hint),
    /** The name; nothing when it is missing, and then the field says so and has the focus. */
    given() {
      const name = input.value.trim();
      if (!name) {
        input.setAttribute("aria-invalid", "true");
        setText(hint, words.subject_missing);
        hint.className = "alert";
        input.focus();
      }
      return name;
    },
  };
}
