// What would help most: steps with the reason for each, to pick from.

const FEW_STEPS = 6;

/** @param page what the page offers: model, words, uid, contentOf, add, addButton */
function planSteps(page, fields) {
  const { model, words, uid } = page;
  const stepList = h("ol");
  const stepViews = new Map();
  const noSteps = h("p", { class: "soft", text: words.steps_none });
  let allSteps = false;
  const moreSteps = h("button", { type: "button", class: "link", onclick: () => ((allSteps = !allSteps), showSteps()) });
  const order = h("select", { id: `${uid}-order`, class: "field", onchange: chooseOrder }, ...["ratio", "opensammy"].map((name) => h("option", { value: name, text: words[`order_${name}`] })));

  function chooseOrder() {
    model.set("order", order.value);
    model.save_changes();
  }

  function stepView(step) {
    const effort = fields.numberField(say(words.effort_of, { text: step.text }));
    fields.bound(`effort.${step.id}`, effort, { read: typedNumber });
    const why = h("p", { class: "soft" });
    const pick = h("button", { type: "button", class: "button", text: words.pick, "aria-label": say(words.pick_long, { text: step.text }) });
    const root = h(
      "li",
      { "data-step": step.id },
      h("div", { class: "what" }, h("p", { class: "title", text: step.text }), why),
      h("span", { class: "weeks" }, effort, h("span", { class: "soft", text: words.weeks_short, "aria-hidden": "true" })),
      pick,
    );
    const view = { root, pick, effort, step };
    pick.addEventListener("click", () => {
      const steps = model.get("view").steps.map((each) => each.id);
      const next = steps[steps.indexOf(step.id) + 1] ?? steps[steps.indexOf(step.id) - 1];
      page.add(view.step.item);
      root.hidden = true; // until Python leaves it out
      (stepViews.get(next)?.pick ?? page.addButton).focus();
    });
    view.show = (newer) => {
      view.step = newer;
      root.hidden = false;
      setText(why, newer.why);
      fields.fields.get(`effort.${step.id}`).write = () => {
        const value = String(page.contentOf(`effort.${step.id}`).value ?? view.step.effort ?? "");
        if (effort.value !== value) effort.value = value;
      };
    };
    return view;
  }

  function showSteps() {
    const steps = model.get("view").steps;
    const shown = allSteps ? steps : steps.slice(0, FEW_STEPS);
    const focused = document.activeElement;
    if (stepList.contains(focused) && focused.matches("input")) {
      // The order waits until nobody types among the steps any more: nothing moves away under the fingers.
      for (const step of steps) stepViews.get(step.id)?.show(step);
      return;
    }
    for (const [id, view] of stepViews) {
      if (shown.some((step) => step.id === id)) continue;
      view.root.remove();
      stepViews.delete(id);
      fields.fields.delete(`effort.${id}`);
    }
    shown.forEach((step, index) => {
      if (!stepViews.has(step.id)) stepViews.set(step.id, stepView(step));
      const view = stepViews.get(step.id);
      view.show(step);
      if (stepList.children[index] !== view.root) stepList.insertBefore(view.root, stepList.children[index] ?? null);
    });
    if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true });
    noSteps.hidden = steps.length > 0;
    moreSteps.hidden = steps.length <= FEW_STEPS;
    setText(moreSteps, allSteps ? words.steps_few : say(words.steps_all, { count: steps.length }));
    if (order.value !== model.get("order")) order.value = model.get("order");
  }

  return { list: stepList, none: noSteps, more: moreSteps, order, show: showSteps };
}
