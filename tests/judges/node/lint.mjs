// The linter of API descriptions: node lint.mjs CONFIGURATION < description.json, prints what it finds as JSON.
import { readFileSync } from "node:fs";
import { createConfig, lintFromString } from "@redocly/openapi-core";

const [configuration] = process.argv.slice(2);
const config = await createConfig(readFileSync(configuration, "utf-8"), { configPath: configuration });
const found = await lintFromString({ source: readFileSync(0, "utf-8"), absoluteRef: "/openapi.json", config });
const told = found.map(({ ruleId, message, location }) => ({ rule: ruleId, message, place: location[0]?.pointer ?? "" }));
process.stdout.write(JSON.stringify(told));
