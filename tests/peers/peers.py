"""Solves the rounds of `examples/instances.rs` with the engine and with its peers, in one run.

Every solver runs in a process of its own, one after the other, so that its largest size is its
own. What is timed is the solving: for the engine from the snapshot to the proposal with its
explanations and proof (total) and to the plan (placing); for a peer from the arrays of arcs to the
flow. The peers minimise one weighted sum; the engine all levels exactly. That it does is checked by
taking SimpleMinCostFlow through the levels one by one, with the arcs that no optimum of the levels
before uses taken out: every value must be that of the engine.

Rounds that are more than a flow go to CP-SAT and HiGHS as a whole model, level by level, each level
with the values of those before as rows. A peer has a minute for all levels together but the lot, and
every level that it proves must be what the engine says.

A change to a solved round, and a question to one, are timed beside what OR-Tools needs to solve it
anew, which is all that it can do.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = ["partnership-30", "partnership-200", "country-30"]
RULED = ["crossing-30", "alone-30"]
TIMES = {"partnership-30": 5, "partnership-200": 5, "country-30": 2}
HIGHS_LIMIT = 120
CP_SAT_LIMIT = 60
RULED_LIMIT = 60


def read(folder, name):
    """Supplies, and tails, heads, capacities and costs of the arcs."""
    import numpy as np

    with open(folder / f"{name}.min", "rb") as file:
        _, _, nodes, _ = file.readline().split()
        supplies = np.zeros(int(nodes), dtype=np.int64)
        rows = []
        for line in file:
            if line[:1] == b"n":
                _, node, supply = line.split()
                supplies[int(node) - 1] = int(supply)
            else:
                rows.append(line[2:])
    arcs = np.fromstring(b"".join(rows), dtype=np.int64, sep=" ").reshape(-1, 5)
    tails, heads, _, caps, costs = arcs.T
    students = int(-supplies.min())
    return supplies, tails - 1, heads - 1, np.minimum(caps, students), costs.copy()


def simple_min_cost_flow(supplies, tails, heads, caps, costs):
    """The flow and the seconds it took."""
    import numpy as np
    from ortools.graph.python import min_cost_flow

    start = time.perf_counter()
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(tails, heads, caps, costs)
    solver.set_nodes_supplies(np.arange(len(supplies)), supplies)
    status = solver.solve()
    seconds = time.perf_counter() - start
    assert status == solver.OPTIMAL, status
    return solver.flows(arcs), seconds


def potentials(nodes, tails, heads, caps, costs, flows):
    """Shortest distances in what is left of the network: with them no arc costs less than zero."""
    import numpy as np

    room, back = flows < caps, flows > 0
    starts = np.concatenate([tails[room], heads[back]])
    ends = np.concatenate([heads[room], tails[back]])
    price = np.concatenate([costs[room], -costs[back]])
    distance = np.zeros(nodes, dtype=np.int64)
    while True:
        reached = distance.copy()
        np.minimum.at(reached, ends, distance[starts] + price)
        if (reached == distance).all():
            return distance
        distance = reached


def by_level(folder, name):
    """The optimum of each level, given the optima of those before."""
    import numpy as np

    supplies, tails, heads, caps, _ = read(folder, name)
    values = np.fromfile(folder / f"{name}.levels", dtype=np.int64, sep=" ").reshape(len(tails), -1)
    supplies, caps = supplies.copy(), caps.copy()
    fixed = np.zeros(len(tails), dtype=np.int64)
    optima = []
    for level in range(values.shape[1]):
        costs = values[:, level].copy()
        left = caps > 0
        flows = np.zeros(len(tails), dtype=np.int64)
        flows[left], _ = simple_min_cost_flow(supplies, tails[left], heads[left], caps[left], costs[left])
        optima.append(int((costs * (flows + fixed)).sum()))
        distance = potentials(len(supplies), tails, heads, caps, costs, flows)
        reduced = costs + distance[tails] - distance[heads]
        full = reduced < 0
        np.subtract.at(supplies, tails[full], caps[full])
        np.add.at(supplies, heads[full], caps[full])
        fixed[full] += caps[full]
        caps[reduced != 0] = 0
    return {"objective": optima}


def or_tools(folder, name):
    problem = read(folder, name)
    best = None
    for _ in range(TIMES[name]):
        flows, seconds = simple_min_cost_flow(*problem)
        best = seconds if best is None else min(best, seconds)
    return {"seconds": best, "value": int((flows.astype(object) * problem[4]).sum())}


def highs(folder, name):
    import highspy
    import numpy as np

    supplies, tails, heads, caps, costs = read(folder, name)
    scale = 2.0**-14  # HiGHS counts in floats; it is not asked for more than those hold
    arcs = len(tails)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = arcs, len(supplies)
    model.col_cost_ = costs * scale
    model.col_lower_, model.col_upper_ = np.zeros(arcs), caps.astype(float)
    model.row_lower_ = model.row_upper_ = supplies.astype(float)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.arange(0, 2 * arcs + 1, 2)
    model.a_matrix_.index_ = np.stack([tails, heads], axis=1).ravel()
    model.a_matrix_.value_ = np.tile([1.0, -1.0], arcs)
    solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("time_limit", float(HIGHS_LIMIT))
    start = time.perf_counter()
    solver.passModel(model)
    solver.run()
    seconds = time.perf_counter() - start
    done = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return {"seconds": seconds if done else None, "value": solver.getObjectiveValue() / scale if done else None}


def cp_sat(folder, name):
    from ortools.sat.python import cp_model

    supplies, tails, heads, caps, costs = read(folder, name)
    model = cp_model.CpModel()
    flows = [model.new_int_var(0, int(cap), "") for cap in caps]
    out = [[] for _ in supplies]
    into = [[] for _ in supplies]
    for flow, tail, head in zip(flows, tails, heads):
        out[tail].append(flow)
        into[head].append(flow)
    for node, supply in enumerate(supplies):
        model.add(sum(out[node]) - sum(into[node]) == int(supply))
    model.minimize(sum(int(cost) * flow for cost, flow in zip(costs, flows) if cost))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = CP_SAT_LIMIT
    solver.parameters.num_workers = 2
    start = time.perf_counter()
    status = solver.solve(model)
    seconds = time.perf_counter() - start
    done = status == cp_model.OPTIMAL
    return {"seconds": seconds if done else None, "value": int(solver.objective_value) if done else None}


def read_rules(folder, name):
    """Arcs that together may have so much flow, and arcs with none or at least so much."""
    most, least = [], []
    for line in (folder / f"{name}.rules").read_text().splitlines():
        kind, number, *arcs = line.split()
        (most if kind == "most" else least).append((int(number), [int(arc) for arc in arcs]))
    return most, [(number, arcs[0]) for number, arcs in least]


def read_levels(folder, name, arcs):
    """Values of the levels on the arcs, without the lot."""
    import numpy as np

    return np.fromfile(folder / f"{name}.levels", dtype=np.int64, sep=" ").reshape(arcs, -1)[:, :-1].T


def level_by_level(levels, solve, fix):
    """Solves level after level while there is time: `solve` gives an optimum, or `None`."""
    start = time.perf_counter()
    optima = []
    for values in levels:
        left = RULED_LIMIT - (time.perf_counter() - start)
        optimum = solve(values, left) if left > 0 else None
        if optimum is None:
            break
        optima.append(optimum)
        fix(values, optimum)
    return {"objective": optima, "seconds": time.perf_counter() - start, "levels": len(levels)}


def highs_ruled(folder, name):
    import highspy
    import numpy as np

    supplies, tails, heads, caps, _ = read(folder, name)
    most, least = read_rules(folder, name)
    arcs, nodes = len(tails), len(supplies)
    columns = arcs + len(least)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns, nodes
    model.col_cost_ = np.zeros(columns)
    model.col_lower_ = np.zeros(columns)
    model.col_upper_ = np.concatenate([caps, np.ones(len(least))]).astype(float)
    model.row_lower_ = model.row_upper_ = supplies.astype(float)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.minimum(np.arange(0, 2 * columns + 1, 2), 2 * arcs)
    model.a_matrix_.index_ = np.stack([tails, heads], axis=1).ravel()
    model.a_matrix_.value_ = np.tile([1.0, -1.0], arcs)
    model.integrality_ = [highspy.HighsVarType.kInteger] * columns
    solver = highspy.Highs()
    solver.silent()
    for option in ["mip_rel_gap", "mip_abs_gap"]:
        solver.setOptionValue(option, 0.0)
    solver.passModel(model)

    def row(lower, upper, indices, values):
        solver.addRow(lower, upper, len(indices), np.array(indices, dtype=np.int32), np.array(values, dtype=float))

    for cap, indices in most:
        row(-np.inf, cap, indices, np.ones(len(indices)))
    for number, (few, arc) in enumerate(least):
        row(0, np.inf, [arc, arcs + number], [1, -few])
        row(-np.inf, 0, [arc, arcs + number], [1, -int(caps[arc])])
    every = np.arange(columns, dtype=np.int32)

    def solve(values, left):
        costs = np.concatenate([values, np.zeros(len(least))])
        solver.changeColsCost(columns, every, costs.astype(float))
        solver.setOptionValue("time_limit", solver.getRunTime() + left)
        solver.run()
        done = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return round(solver.getObjectiveValue()) if done else None

    def fix(values, optimum):
        used = np.flatnonzero(values)
        row(-np.inf, optimum, used, values[used])

    return level_by_level(read_levels(folder, name, arcs), solve, fix)


def cp_sat_ruled(folder, name):
    from ortools.sat.python import cp_model

    supplies, tails, heads, caps, _ = read(folder, name)
    most, least = read_rules(folder, name)
    model = cp_model.CpModel()
    flows = [model.new_int_var(0, int(cap), "") for cap in caps]
    out = [[] for _ in supplies]
    into = [[] for _ in supplies]
    for flow, tail, head in zip(flows, tails, heads):
        out[tail].append(flow)
        into[head].append(flow)
    for node, supply in enumerate(supplies):
        model.add(sum(out[node]) - sum(into[node]) == int(supply))
    for cap, arcs in most:
        model.add(sum(flows[arc] for arc in arcs) <= cap)
    for few, arc in least:
        is_open = model.new_bool_var("")
        model.add(flows[arc] >= few * is_open)
        model.add(flows[arc] <= int(caps[arc]) * is_open)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2

    def total(values):
        return sum(int(value) * flow for value, flow in zip(values, flows) if value)

    def solve(values, left):
        model.minimize(total(values))
        solver.parameters.max_time_in_seconds = left
        if solver.solve(model) != cp_model.OPTIMAL:
            return None
        model.clear_hints()
        for flow in flows:
            model.add_hint(flow, solver.value(flow))
        return int(solver.objective_value)

    def fix(values, optimum):
        model.add(total(values) <= optimum)

    return level_by_level(read_levels(folder, name, len(tails)), solve, fix)


SOLVERS = {
    "or_tools": or_tools,
    "highs": highs,
    "cp_sat": cp_sat,
    "by_level": by_level,
    "highs_ruled": highs_ruled,
    "cp_sat_ruled": cp_sat_ruled,
}


def in_own_process(solver, folder, name):
    command = [sys.executable, __file__, "--solve", solver, str(folder), name]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def timed(command):
    """Standard output of a command, and the seconds it took."""
    start = time.perf_counter()
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return output, time.perf_counter() - start


def compare(binaries, folder, name):
    rows = []
    engine = json.loads(timed([binaries / "allocate", folder / f"{name}.json", str(TIMES[name])])[0])
    tools = in_own_process("or_tools", folder, name)
    simplex, seconds = timed([binaries / "dimacs", folder / f"{name}.min"])
    optimum = int(simplex.split()[1])
    assert optimum == tools["value"], f"{name}: dimacs {optimum}, SimpleMinCostFlow {tools['value']}"
    levels = in_own_process("by_level", folder, name)["objective"]
    assert levels == engine["objective"], f"{name}: engine {engine['objective']}, level by level {levels}"
    rows.append(("engine, plan", "all levels", engine["placing"], engine["memory"]))
    rows.append(("engine, plan, reasons and proof", "all levels", engine["total"], engine["memory"]))
    rows.append(("SimpleMinCostFlow", "one sum", tools["seconds"], tools["memory"]))
    rows.append(("dimacs example, with reading", "one sum", seconds, None))
    if name != "country-30":
        for solver in ["highs", "cp_sat"]:
            peer = in_own_process(solver, folder, name)
            if peer["value"] is not None:
                assert abs(peer["value"] - optimum) <= abs(optimum) * 1e-9, f"{name}: {solver} {peer['value']}, not {optimum}"
            rows.append((solver, "one sum", peer["seconds"], peer["memory"]))
    print(f"\n{name}: every level equal: {levels}")
    print(f"{'':34}{'objective':12}{'seconds':>9}{'to OR-Tools':>13}{'MB':>7}")
    for solver, objective, seconds, memory in rows:
        shown = f"{seconds:9.3f}{seconds / tools['seconds']:13.2f}" if seconds else f"{'not done':>9}{'':13}"
        size = f"{memory / 1024:7.0f}" if memory else f"{'':7}"
        print(f"{solver:34}{objective:12}{shown}{size}", flush=True)
    again(binaries, folder, name, tools["seconds"])


def again(binaries, folder, name, cold):
    """What a change and a question take once the round is solved. The peers solve anew for either."""
    print(f"{'after that, in milliseconds':34}{'ready':>9}{'median':>9}{'p95':>9}{'most':>9}{'OR-Tools anew':>15}")
    for example, ready, what in [("mutations", "cold", "a change"), ("questions", "ready", "why here and not at a wish")]:
        times = json.loads(timed([binaries / example, folder / f"{name}.json", "200"])[0])
        shown = "".join(f"{times[key]:9.2f}" for key in [ready, "median", "p95", "most"])
        print(f"{what:34}{shown}{cold * 1000:15.0f}", flush=True)


def compare_ruled(binaries, folder, name):
    engine = json.loads(timed([binaries / "allocate", folder / f"{name}.json", str(TIMES.get(name, 1))])[0])
    sure = engine["proven"]
    proven = f"{sure} of {len(engine['objective'])}"
    print(f"\n{name}: {engine['objective']}")
    print(f"{'':34}{'proven':16}{'seconds':>9}{'MB':>7}")
    print(f"{'engine, with reasons and proof':34}{proven:16}{engine['total']:9.3f}{engine['memory'] / 1024:7.0f}", flush=True)
    for solver in ["highs_ruled", "cp_sat_ruled"]:
        peer = in_own_process(solver, folder, name)
        optima = peer["objective"]
        assert optima[:sure] == engine["objective"][: min(sure, len(optima))], f"{name}: {solver} {optima}, engine {engine}"
        levels = f"{len(optima)} of {peer['levels']}"
        if optima != engine["objective"][: len(optima)]:
            print(f"{solver.removesuffix('_ruled')} proves better than the engine, which had not proven it: {optima}")
        print(f"{solver.removesuffix('_ruled'):34}{levels:16}{peer['seconds']:9.3f}{peer['memory'] / 1024:7.0f}", flush=True)


def main():
    if sys.argv[1] == "--solve":
        _, _, solver, folder, name = sys.argv
        result = SOLVERS[solver](Path(folder), name)
        result["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(json.dumps(result))
        return
    binaries, folder, *names = sys.argv[1:]
    for name in names or ROUNDS + RULED:
        check = compare_ruled if name in RULED else compare
        check(Path(binaries), Path(folder), name)


main()
