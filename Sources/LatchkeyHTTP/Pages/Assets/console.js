// What the console does where scripts run. Every page works without: dialogs are pages, menus are popovers, times are UTC.
import { placePopovers } from "./popovers.js";
import { openDialogs } from "./dialogs.js";
import { localTimes } from "./times.js";
import { copyButtons } from "./copying.js";
import { toasts } from "./toasts.js";
import { whileTyping } from "./typing.js";
import { narrowBoxes } from "./narrowing.js";
import { showOnce } from "./once.js";
import { chooseAll } from "./choosing.js";

placePopovers();
openDialogs(enliven);
toasts();
enliven(document);

// For what is there at first, and for what a dialog brings.
function enliven(part) {
    localTimes(part);
    copyButtons(part);
    whileTyping(part);
    narrowBoxes(part);
    showOnce(part);
    chooseAll(part);
}
