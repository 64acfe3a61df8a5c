// What is shown only once: asks before it is left, until it has been copied or saved.
export function showOnce(part) {
    const kept = part.querySelector("[data-ask-before-leaving]");
    if (!kept) return;
    const take = () => (kept.dataset.taken = "1");
    kept.addEventListener("taken", take);
    kept.querySelectorAll("[data-takes]").forEach((link) => link.addEventListener("click", take));
    addEventListener("beforeunload", (event) => {
        if (kept.isConnected && !kept.dataset.taken) event.preventDefault();
    });
}
