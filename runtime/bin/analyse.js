/** What the command runs for `why` and `graph`, with a question as JSON. */
import { analyse } from '../dist/boot.js';

process.exitCode = analyse(JSON.parse(process.argv[2]));
