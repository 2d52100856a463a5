#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the benchmarks and prints a Markdown table of how parton compares.

    cmake --workflow --preset benchmarks
    python3 tests/benchmarks/table.py build/benchmarks

Every figure is a ratio of times of one run: the median over the rounds, in which all
implementations run in turn, and the smallest and largest. Below 1 parton is the faster one. Where
an implementation has variants, the fastest one counts. Times are those of the CPU with one thread;
for files, and with two threads, those of the clock.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOMS = ["mlp", "cnn", "init", "optim", "tree", "io"]
NAMES = 200_000  # in the tree

# What is asked for: label, case, against whom, required, aim. Without whom: ns a name.
TORCH, EIGEN, REGEX = "torch", "eigen", "std"
SMALL, LARGE = "20-256-10", "784-512-256-10"
GOALS = [
    (f"infer {SMALL}, batch 2", f"infer/{SMALL}/2", TORCH, 0.40, 0.20),
    (f"infer {LARGE}, batch 1", f"infer/{LARGE}/1", TORCH, 0.92, 0.78),
    (f"infer {LARGE}, batch 64", f"infer/{LARGE}/64", TORCH, 0.97, 0.85),
    (f"infer {LARGE}, batch 256", f"infer/{LARGE}/256", TORCH, 1.00, 0.90),
    (f"SGD {SMALL}, batch 2", f"sgd/{SMALL}/2", TORCH, 0.20, 0.10),
    (f"SGD {SMALL}, batch 64", f"sgd/{SMALL}/64", TORCH, 0.55, 0.43),
    (f"SGD {SMALL}, batch 256", f"sgd/{SMALL}/256", TORCH, 0.75, 0.65),
    (f"SGD {LARGE}, batch 2", f"sgd/{LARGE}/2", TORCH, 0.75, 0.50),
    (f"SGD {LARGE}, batch 64", f"sgd/{LARGE}/64", TORCH, 0.95, 0.82),
    (f"SGD {LARGE}, batch 256", f"sgd/{LARGE}/256", TORCH, 1.00, 0.88),
    (f"Adam {LARGE}, batch 64", f"adam/{LARGE}/64", TORCH, 0.55, 0.43),
    (f"Adam {LARGE}, batch 256", f"adam/{LARGE}/256", TORCH, 0.72, 0.60),
    ("CNN train step, batch 64", "cnn/train/64", TORCH, 1.3, 0.9),
    ("initialize normal, 100 million", "init/normal", TORCH, 0.45, 0.20),
    ("initialize uniform, 100 million", "init/uniform", TORCH, 0.35, 0.10),
    # To torch::optim::Adam; that of LibTorch 1.13 has no foreach form, and what a user can compose of
    # its _foreach functions is among the cases.
    ("Adam over 1,000 tensors", "step/adam/1000", "torch:own", 0.18, 0.13),
    ("Adam over 100,000 tensors", "step/adam/100000", "torch:own", 0.07, 0.045),
    ("construct 100,000 leaves", "tree/construct", TORCH, 0.5, 0.25),
    ("bytes per leaf", "tree/bytes_per_leaf", TORCH, 0.6, 0.4),
    ("collect_params (names and pointers)", "tree/collect_params", TORCH, 0.30, 0.10),
    ("visit", "tree/visit", TORCH, 0.08, 0.05),
    ("filter 200,000 names, literal, ns a name", "tree/filter/literal", None, 30, 8),
    ("filter 200,000 names, `.*weight`, ns a name", "tree/filter/ending", None, 30, 8),
    ("filter 200,000 names, several `.*`, ns a name", "tree/filter/wild", None, 30, 8),
    ("filter 200,000 names, any pattern, to std::regex", "tree/filter/any", REGEX, 1.0, 0.25),
    ("save 1 GB", "io/save.safetensors", TORCH, 0.9, 0.7),
    ("load 1 GB by mmap until touched", "io/open", TORCH, 0.01, 0.001),
    # LibTorch is compiled already; so is parton where a program links parton::compiled.
    ("compile the README program at -O2, parton::compiled", "compile/time", TORCH, 0.5, 0.33),
    ("peak memory of that", "compile/memory", TORCH, 0.5, 0.33),
    ("compile the README program at -O2, headers alone", "compile/headers_time", TORCH, 0.5, 0.33),
    ("peak memory of that", "compile/headers_memory", TORCH, 0.5, 0.33),
]
for net in (SMALL, LARGE):
    for what, title in (("infer", "infer"), ("sgd", "SGD"), ("adam", "Adam")):
        for batch, most in ((2, 1.3), (64, 1.05), (256, 1.05)):
            GOALS.append((f"{title} {net}, batch {batch}, to Eigen", f"{what}/{net}/{batch}",
                          EIGEN, most, 1.0))


def by_clock(case, implementation):
    return case.startswith("io/") or implementation.endswith("@2")


class Results:
    """Times by case and implementation: a list over the rounds; and what the programs say."""

    def __init__(self):
        self.values = {}  # case -> implementation -> rounds
        self.clock = {}  # the same, by the clock
        self.context = {}

    def add(self, case, implementation, value, clock):
        self.values.setdefault(case, {}).setdefault(implementation, []).append(value)
        self.clock.setdefault(case, {}).setdefault(implementation, []).append(clock)

    def read(self, document):
        self.context.update(document.get("context", {}))
        for run in document["benchmarks"]:
            match = re.fullmatch(r"(.+)/([^/]+)/(?:min_time|iterations):[^/]*", run["name"])
            if match is None or run.get("error_occurred"):
                continue
            case, implementation = match.groups()
            value = run.get("value", run["cpu_time"])
            clock = run.get("value", run["real_time"])
            self.add(case, implementation, clock if by_clock(case, implementation) else value,
                     clock)

    def best(self, case, family):
        """The rounds of the fastest variant of an implementation, and its name."""
        if ":" in family:  # that variant
            return self.values.get(case, {}).get(family), family
        variants = {name: rounds for name, rounds in self.values.get(case, {}).items()
                    if name.split("@")[0].split(":")[0] == family and "@" not in name}
        if not variants:
            return None, None
        name = min(variants, key=lambda n: statistics.median(variants[n]))
        return variants[name], name

    def ratio(self, case, family):
        ours, _ = self.best(case, "parton")
        theirs, _ = self.best(case, family)
        return None if ours is None or theirs is None else [a / b for a, b in zip(ours, theirs)]

    def two_threads(self, case):
        """Two threads to one, both by the clock."""
        clock = self.clock.get(case, {})
        if "parton" not in clock or "parton@2" not in clock:
            return None
        return [a / b for a, b in zip(clock["parton@2"], clock["parton"])]


def number(value):
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2g}" if value < 0.1 else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def spread(values):
    return f"{number(statistics.median(values))} ({number(min(values))}..{number(max(values))})"


def time_text(nanoseconds):
    for unit, size in (("s", 1e9), ("ms", 1e6), ("us", 1e3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.3g} {unit}"
    return f"{nanoseconds:.3g} ns"


def reached(results, case, family):
    """The figure of a goal, over the rounds; None where it was not measured."""
    if family is not None:
        return results.ratio(case, family)
    rounds, _ = results.best(case, "parton")
    return None if rounds is None else [value / NAMES for value in rounds]


def goals_table(results):
    lines = ["| | required | aim | reached (min..max) | |", "|---|---|---|---|---|"]
    missed = 0
    for label, case, family, required, aim in GOALS:
        values = reached(results, case, family)
        if values is None:
            continue
        middle = statistics.median(values)
        mark = "**missed**" if middle > required else "aim" if middle <= aim else ""
        missed += middle > required
        lines.append(f"| {label} | {required:g} | {aim:g} | {spread(values)} | {mark} |")
    return lines, missed


def cases_table(results):
    lines = ["| | parton | to Eigen | to LibTorch | two threads to one | to others |",
             "|---|---|---|---|---|---|"]
    for case in results.values:
        ours, _ = results.best(case, "parton")
        if ours is None:
            continue
        middle = statistics.median(ours)
        unit = time_text(middle)
        if case == "tree/bytes_per_leaf":
            unit = f"{middle:.0f} bytes"
        elif case.startswith("compile/") and case.endswith("memory"):
            unit = f"{middle / 1e6:.0f} MB"
        cells = [case, unit]
        for family in (EIGEN, TORCH):
            values = results.ratio(case, family)
            _, name = results.best(case, family)
            cells.append("" if values is None else spread(values) +
                         (f" {name.split(':')[1]}" if ":" in name else ""))
        two = results.two_threads(case)
        cells.append("" if two is None else spread(two))
        others = []
        for family, title in ((REGEX, "std::regex"), ("raw", "plain write"), ("none", "Eigen alone")):
            values = results.ratio(case, family)
            if values is not None:
                others.append(f"{spread(values)} {title}")
        cells.append(", ".join(others))
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def machine():
    model = platform.processor() or platform.machine()
    try:
        text = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
        model = re.search(r"model name\s*: (.*)", text).group(1)
        model += ", AVX-512" if "avx512f" in text else ", AVX2" if "avx2" in text else ""
    except (OSError, AttributeError):
        pass
    return f"{model}, {os.cpu_count()} cores"


def report(results, said):
    """The whole text; `said` is what the programs and this script know about the machine."""
    goals, missed = goals_table(results)
    rounds = max((len(r) for case in results.values.values() for r in case.values()), default=0)
    lines = [f"{said['machine']}; {said['compiler']}, `{said['flags']}`; {said['libraries']}; "
             f"{rounds} rounds, {said['date']}.", ""]
    lines += goals
    lines += ["", "All rows are met." if missed == 0 else f"Rows that miss what is required: {missed}.",
              ""]
    lines += cases_table(results)
    return "\n".join(lines) + "\n"


# --- running ---

def run_room(program, out, arguments):
    command = [str(program), f"--rounds={arguments.rounds}", f"--seconds={arguments.seconds}",
               f"--scale={arguments.scale}"]
    if arguments.cases:
        command.append(f"--cases={arguments.cases}")
    if arguments.directory:
        command.append(f"--directory={arguments.directory}")
    with open(out, "w", encoding="utf-8") as file:
        subprocess.run(command, stdout=file, check=True)


def compile_once(command):
    """CPU seconds and peak bytes of a compiler and all that it starts."""
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit("does not compile: " + " ".join(command))
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def measure_compiling(setup, rounds):
    """README's program, LibTorch's and Eigen alone, in turn, in Google Benchmark's form."""
    readme = HERE.parents[1] / "examples" / "readme.cpp"
    both = ("", "headers_")
    # The implementation, in which cases, its program and options.
    programs = [("parton", both[:1], readme, ["-DPARTON_COMPILED"]),
                ("parton", both[1:], readme, []),
                ("none", both, HERE / "compile" / "eigen.cpp", [])]
    if setup["torch"]:
        programs.append(("torch", both, HERE / "compile" / "torch.cpp",
                         [f"-I{include}" for include in setup["torch"]]))
    runs = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for name, cases, program, options in programs:
                command = [setup["compiler"], "-std=c++20", "-O2", *options]
                command += [f"-I{include}" for include in setup["includes"] if include]
                seconds, peak = compile_once(
                    command + ["-c", str(program), "-o", os.path.join(folder, "program.o")])
                for case in cases:
                    for what, value in (("time", seconds * 1e9), ("memory", peak)):
                        runs.append({"name": f"compile/{case}{what}/{name}/iterations:1",
                                     "value": value, "cpu_time": 0, "real_time": 0})
    return {"benchmarks": runs}


def self_check():
    """The table of committed results is the committed table."""
    results = Results()
    sample = json.loads((HERE / "sample.json").read_text(encoding="utf-8"))
    results.read(sample)
    text = report(results, sample["said"])
    expected = (HERE / "sample.md").read_text(encoding="utf-8")
    if text != expected:
        sys.stdout.write(text)
        sys.exit("the table of sample.json is not sample.md")
    print("the table of sample.json is sample.md")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", nargs="?", default="build/benchmarks", help="the build folder")
    parser.add_argument("--rooms", default=",".join(ROOMS + ["compile"]),
                        help="which programs, by commas: %(default)s")
    parser.add_argument("--cases", default="", help="only cases that this pattern is found in")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.1, help="of a measurement, at least")
    parser.add_argument("--scale", type=float, default=1, help="smaller for a trial")
    parser.add_argument("--directory", default="", help="where files are written")
    parser.add_argument("--reuse", action="store_true",
                        help="run nothing: print the table of what was measured last")
    parser.add_argument("--into", metavar="README.md",
                        help="also write the table there, between two lines `<!-- benchmarks -->`")
    parser.add_argument("--self-check", action="store_true",
                        help="check this script on committed results")
    arguments = parser.parse_args()
    if arguments.self_check:
        self_check()
        return

    folder = pathlib.Path(arguments.build) / "tests" / "benchmarks"
    if not (folder / "setup.json").exists():
        sys.exit(f"there are no benchmarks in {arguments.build}: first run "
                 "cmake --workflow --preset benchmarks")
    setup = json.loads((folder / "setup.json").read_text(encoding="utf-8"))
    results = Results()
    measured = folder / "results"
    measured.mkdir(exist_ok=True)
    for room in arguments.rooms.split(","):
        out = measured / f"{room}.json"
        if not arguments.reuse:
            if room == "compile":
                out.write_text(json.dumps(measure_compiling(setup, min(arguments.rounds, 3))),
                               encoding="utf-8")
            elif (folder / room).exists():
                run_room(folder / room, out, arguments)
        if out.exists():
            results.read(json.loads(out.read_text(encoding="utf-8")))
    said = {"machine": machine(), "date": datetime.date.today().isoformat(),
            **{key: results.context.get(key, "unknown")
               for key in ("compiler", "flags", "libraries")}}
    text = report(results, said)
    sys.stdout.write(text)
    if arguments.into:
        path = pathlib.Path(arguments.into)
        mark = "<!-- benchmarks -->\n"
        parts = path.read_text(encoding="utf-8").split(mark)
        if len(parts) != 3:
            sys.exit(f"{path} has no two lines {mark.strip()}")
        path.write_text(parts[0] + mark + "\n" + text + "\n" + mark + parts[2], encoding="utf-8")


if __name__ == "__main__":
    main()
