// Prints, as JSON, when each event of a calendar starts (UTC, by UID), once as ical.js reads it and once as node-ical does.
// Usage: NODE_PATH=<folder>/node_modules node read_calendar.cjs calendar.ics
const fs = require("fs");
const ICAL = require("ical.js").default ?? require("ical.js");
const nodeIcal = require("node-ical");

const text = fs.readFileSync(process.argv[2], "utf8");
const component = new ICAL.Component(ICAL.parse(text));
const first = {};
for (const each of component.getAllSubcomponents("vevent")) {
  const event = new ICAL.Event(each);
  first[event.uid] = event.startDate.toJSDate().toISOString();
}
const second = {};
for (const each of Object.values(nodeIcal.sync.parseICS(text))) {
  if (each.type === "VEVENT") second[each.uid] = each.start.toISOString();
}
console.log(JSON.stringify({ "ical.js": first, "node-ical": second }));
