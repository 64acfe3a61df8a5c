// A toast goes by itself after a while, unless it is being read.
export function toasts() {
    for (const toast of document.querySelectorAll(".toast")) {
        let timer = setTimeout(() => toast.remove(), 6000);
        toast.addEventListener("pointerenter", () => clearTimeout(timer));
        toast.addEventListener("pointerleave", () => (timer = setTimeout(() => toast.remove(), 2000)));
    }
}
