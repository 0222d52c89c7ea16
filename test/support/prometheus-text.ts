interface Metric {
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/gy;
/** The suffixes of a metric type's series. */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

/** Reads version 0.0.4 of the text format as strictly as a scraper, and throws at anything invalid. */
export function parsePrometheus(text: string): Map<string, Metric> {
  if (!text.endsWith('\n')) throw new Error('The last line has no end');
  const metrics = new Map<string, { type: string; help: string; samples: Sample[] }>();
  const seen = new Set<string>();
  let current = '';
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? [];
    const metric = metrics.get(name || current);
    if (kind === 'HELP') {
      if (metric) throw new Error(`${name} comes twice`);
      metrics.set(name, { type: 'untyped', help: rest, samples: [] });
      current = name;
    } else if (kind === 'TYPE') {
      if (!metric || name !== current) throw new Error(`${name} has a type and no help`);
      metric.type = rest;
    } else {
      const sample = sampleIn(line);
      const known = (SUFFIXES[metric?.type ?? ''] ?? []).map((suffix) => current + suffix);
      if (!known.includes(sample.name)) throw new Error(`${sample.name} is no series of ${current}`);
      const series = `${sample.name} ${JSON.stringify(Object.entries(sample.labels).sort())}`;
      if (seen.has(series)) throw new Error(`${series} comes twice`);
      seen.add(series);
      metric?.samples.push(sample);
    }
  }
  return metrics;
}

function sampleIn(line: string): Sample {
  const [, name, labelText = '', value] = SAMPLE.exec(line) ?? [];
  if (name === undefined || value === undefined) throw new Error(`Not a sample: ${line}`);
  const found = [...labelText.matchAll(LABEL)];
  if (found.map(([all]) => all).join('') !== labelText) throw new Error(`These are no labels: ${line}`);
  const labels = Object.fromEntries(found.map(([, label = '', text = '']) => [label, text]));
  const number = value === '+Inf' ? Infinity : value === '-Inf' ? -Infinity : Number(value);
  // In any case, as Go reads it.
  if (Number.isNaN(number) && value.toLowerCase() !== 'nan') throw new Error(`Not a number: ${line}`);
  return { name, labels, value: number };
}
