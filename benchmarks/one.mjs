// The sums of benchmarks/one.py in a survey engine and an expression engine: node one.mjs FOLDER < model.json
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const require = createRequire(join(process.argv[2], "package.json"));
const { questions, nodes, population } = JSON.parse(readFileSync(0, "utf8"));
const name = (id) => id.replaceAll("-", "_");
const rows = [];

function best(count, of) {
  let least = Infinity;
  for (let run = 0; run < 3; run += 1) {
    const began = process.cpuUsage();
    of();
    const used = process.cpuUsage(began);
    least = Math.min(least, (used.user + used.system) / count);
  }
  return least;
}

function sum(node, of) {
  const text = node.children.map((child) => `${of(child.of)} * ${child.weight}`).join(" + ");
  return `(${text})`;
}

try {
  const { Model } = require("survey-core");
  const survey = new Model({
    elements: questions.map((id) => ({ type: "text", inputType: "number", name: name(id) })),
    calculatedValues: nodes.map((node) => {
      const value = sum(node, (id) => `{${name(id)}}`);
      const held = node.gate ? `iif({${name(node.gate)}} < 2 and ${value} > 2, 2, ${value})` : value;
      return { name: name(node.id), expression: held };
    }),
  });
  const few = population.slice(0, 20);
  const each = best(few.length, () => {
    for (const levels of few) {
      survey.data = Object.fromEntries(Object.entries(levels).map(([id, level]) => [name(id), level]));
      survey.getVariable(name(nodes[nodes.length - 1].id));
    }
  });
  rows.push(["SurveyJS, values only", each]);
} catch (problem) {
  process.stderr.write(`survey-core: ${problem.message}\n`);
}

try {
  const fhirpath = require("fhirpath");
  const compiled = nodes.map((node) => {
    const value = sum(node, (id) => `${name(id)}`);
    return [node, fhirpath.compile(node.gate ? `iif(${name(node.gate)} < 2 and ${value} > 2, 2.0, ${value})` : value)];
  });
  const few = population.slice(0, 5);
  const each = best(few.length, () => {
    for (const levels of few) {
      const known = Object.fromEntries(Object.entries(levels).map(([id, level]) => [name(id), level]));
      for (const [node, run] of compiled) {
        const found = run(known);
        known[name(node.id)] = Number(found[0]);
      }
    }
  });
  rows.push(["FHIRPath, values only", each]);
} catch (problem) {
  process.stderr.write(`fhirpath: ${problem.message}\n`);
}

process.stdout.write(JSON.stringify(rows));
