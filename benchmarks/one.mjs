// The sums of benchmarks/one.py in a survey engine and an expression engine: node one.mjs FOLDER
// The first line in is the model; the first line out names the engines. Each further line in names one of them, and
// the line out says how many microseconds of processor time an assessment took it.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { join } from "node:path";

const require = createRequire(join(process.argv[2], "package.json"));
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { questions, nodes, population } = JSON.parse((await lines.next()).value);
const name = (id) => id.replaceAll("-", "_");
const ways = {};

function timed(count, of) {
  const began = process.cpuUsage();
  of();
  const used = process.cpuUsage(began);
  return (used.user + used.system) / count;
}

function sum(node, of) {
  const text = node.children.map((child) => `${of(child.of)} * ${child.weight}`).join(" + ");
  return `(${text})`;
}

try {
  const { Model } = require("survey-core");
  const levels = [0, 1, 2, 3, 4, 5].map((level) => ({ value: level, text: `Level ${level}` }));
  const asked = {
    "SurveyJS, values only": (id) => ({ type: "radiogroup", name: name(id), choices: levels }),
    "SurveyJS, numbers in fields, values only": (id) => ({ type: "text", inputType: "number", name: name(id) }),
  };
  const few = population.slice(0, 20);
  for (const [way, question] of Object.entries(asked)) {
    const survey = new Model({
      elements: questions.map(question),
      calculatedValues: nodes.map((node) => {
        const value = sum(node, (id) => `{${name(id)}}`);
        const held = node.gate ? `iif({${name(node.gate)}} < 2 and ${value} > 2, 2, ${value})` : value;
        return { name: name(node.id), expression: held };
      }),
    });
    ways[way] = () => timed(few.length, () => {
      for (const levels of few) {
        survey.data = Object.fromEntries(Object.entries(levels).map(([id, level]) => [name(id), level]));
        survey.getVariable(name(nodes[nodes.length - 1].id));
      }
    });
  }
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
  ways["FHIRPath, values only"] = () => timed(few.length, () => {
    for (const levels of few) {
      const known = Object.fromEntries(Object.entries(levels).map(([id, level]) => [name(id), level]));
      for (const [node, run] of compiled) {
        const found = run(known);
        known[name(node.id)] = Number(found[0]);
      }
    }
  });
} catch (problem) {
  process.stderr.write(`fhirpath: ${problem.message}\n`);
}

process.stdout.write(`${JSON.stringify(Object.keys(ways))}\n`);
for await (const line of lines) {
  process.stdout.write(`${ways[line]()}\n`);
}
