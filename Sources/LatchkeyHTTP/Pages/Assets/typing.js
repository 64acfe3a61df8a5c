// While somebody types: what the server says of a name (data-comment), and whom it suggests (data-suggestions).
const wait = 180;

export function whileTyping(part) {
    for (const input of part.querySelectorAll("input[data-comment]")) {
        ask(input, input.dataset.comment, document.getElementById(`${input.id}-comment`));
        if (input.value) input.dispatchEvent(new Event("input"));
    }
    for (const input of part.querySelectorAll("input[data-suggestions]")) {
        ask(input, input.dataset.suggestions, document.getElementById(`${input.id}-list`));
    }
}

function ask(input, path, place) {
    let timer;
    let latest = 0;
    input.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(async () => {
            const turn = ++latest;
            try {
                const reply = await fetch(`${path}?value=${encodeURIComponent(input.value)}`);
                if (!reply.ok || turn !== latest) return;
                const answer = new DOMParser().parseFromString(await reply.text(), "text/html");
                place.replaceChildren(...answer.body.childNodes);
            } catch {
                place.replaceChildren();
            }
        }, wait);
    });
}
