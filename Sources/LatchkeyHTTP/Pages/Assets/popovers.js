// Puts a popover below its button, or above where there is more room; what is too high for a window scrolls within itself.
export function placePopovers() {
    document.addEventListener("beforetoggle", (event) => {
        const popover = event.target;
        if (event.newState !== "open" || !popover.id) return;
        const button = document.querySelector(`[popovertarget="${CSS.escape(popover.id)}"]`);
        if (button) requestAnimationFrame(() => place(popover, button));
    }, true);
    // A file that is saved leads nowhere, so the menu that it was chosen from would stay open.
    addEventListener("click", (event) => event.target.closest("[popover] a[download]")?.closest("[popover]").hidePopover());
    addEventListener("scroll", (event) => {
        if (event.target === document) document.querySelectorAll("[popover]:popover-open").forEach((open) => open.hidePopover());
    }, { passive: true });
}

function place(popover, button) {
    popover.dataset.placed = "";
    popover.style.maxHeight = "";
    const [anchor, box] = [button.getBoundingClientRect(), popover.getBoundingClientRect()];
    const below = anchor.bottom + 4 + box.height <= innerHeight - 8 || anchor.top < box.height;
    const top = Math.max(8, below ? anchor.bottom + 4 : anchor.top - 4 - box.height);
    popover.style.top = `${top}px`;
    popover.style.maxHeight = `${innerHeight - top - 8}px`;
    const left = anchor.left + box.width > innerWidth - 8 ? anchor.right - box.width : anchor.left;
    popover.style.left = `${Math.max(8, Math.min(left, innerWidth - box.width - 8))}px`;
}
