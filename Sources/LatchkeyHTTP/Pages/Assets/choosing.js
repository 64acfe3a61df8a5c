// The box in a table's head that chooses all rows of the page, or none.
export function chooseAll(part) {
    for (const all of part.querySelectorAll("input[data-choose-all]")) {
        const boxes = [...document.querySelectorAll(`input[name="${all.dataset.chooseAll}"][form]`)];
        all.hidden = false;
        all.addEventListener("change", () => boxes.forEach((box) => (box.checked = all.checked)));
        boxes.forEach((box) => box.addEventListener("change", () => {
            all.checked = boxes.every((box) => box.checked);
            all.indeterminate = !all.checked && boxes.some((box) => box.checked);
        }));
    }
}
