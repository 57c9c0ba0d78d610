// What pages add where scripts run. Each module finds its work by attributes, also in what htmx
// swaps in; every act works without them. docs/portal.md says what each of them wants.
import "./dialog.js";
import "./reader.js";
import "./session.js";
import "./shortcuts.js";
import "./toast.js";
import "./word.js";
