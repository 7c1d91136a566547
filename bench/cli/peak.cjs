// Loaded into a measured process by --require: writes to the file that PEAK names how many MiB were resident at most.
const { writeFileSync } = require('node:fs');

process.on('exit', () => writeFileSync(process.env.PEAK, String(process.resourceUsage().maxRSS / 1024)));
