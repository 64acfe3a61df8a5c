// A field above a long list of boxes that leaves those whose label holds what is typed.
const many = 10;

export function narrowBoxes(part) {
    for (const list of part.querySelectorAll(".ticks")) {
        const boxes = [...list.querySelectorAll(".option")];
        if (boxes.length <= many || list.closest("fieldset").querySelector("[data-finds]")) continue;
        const field = document.createElement("input");
        field.type = "search";
        field.placeholder = "Find in this list";
        field.setAttribute("aria-label", "Find in this list");
        field.addEventListener("input", () => {
            const sought = field.value.trim().toLowerCase();
            for (const box of boxes) box.hidden = !box.textContent.toLowerCase().includes(sought);
        });
        field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
        list.before(field);
    }
}
