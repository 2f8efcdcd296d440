namespace TrafficFlow.Analysis.Optimisation.Exact;

/// <summary>
/// Dynamic programming over groups that hang together as a tree, such as the junctions of a line (Bertelè and Brioschi, Nonserial Dynamic Programming, 1972): the best of each group for
/// every choice of the next one towards the root. Proves the optimum in a time that grows with the couplings alone. For a line no annealer is needed, and this is what it is held against.
/// Seed, reads and sweeps mean nothing to it.
/// </summary>
public sealed class TreeElimination(TimeProvider? time = null) : ISolver
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    public string Name => "tree elimination";

    /// <summary>Whether no circle of couplings leads through three groups or more. Variables outside groups are groups of two values.</summary>
    public static bool Fits(BinaryQuadraticModel model) => Order(new Units(model)) is not null;

    public Task<SolverResult> SolveAsync(
        BinaryQuadraticModel model, SolverSettings settings, IProgress<SolverProgress>? progress = null, CancellationToken cancellation = default)
    {
        settings.Check();
        var began = _time.GetTimestamp();
        return Task.Run(
            () =>
            {
                var units = new Units(model.ChangeVartype(Vartype.Binary));
                var order = Order(units) ?? throw new SolverException($"the groups of the model hang together in circles, which {Name} cannot solve: ask {nameof(CpSat)} or a search");
                var sample = Solve(units, order, model.Vartype.Low(), cancellation);
                return SolverResult.Of(Name, model, sample, model.Energy(sample), StopReason.Completed, _time.GetElapsedTime(began), 1, 0);
            },
            cancellation);
    }

    /// <returns>Each unit before the one that it hangs on, with that one (-1: none); null where there is a circle.</returns>
    private static List<(int Unit, int Parent)>? Order(Units units)
    {
        var parents = new int[units.Count];
        Array.Fill(parents, -2);
        var order = new List<(int, int)>(units.Count);
        var waiting = new Stack<int>();
        for (var root = 0; root < units.Count; root++)
        {
            if (parents[root] != -2) continue;
            parents[root] = -1;
            waiting.Push(root);
            while (waiting.TryPop(out var unit))
            {
                order.Add((unit, parents[unit]));
                foreach (var next in units.Neighbours[unit])
                {
                    if (next == parents[unit]) continue;
                    if (parents[next] != -2) return null;
                    parents[next] = unit;
                    waiting.Push(next);
                }
            }
        }

        order.Reverse();
        return order;
    }

    private static sbyte[] Solve(Units units, List<(int Unit, int Parent)> order, sbyte low, CancellationToken cancellation)
    {
        // Least energy of a unit's states with all that hangs on it, and what a parent's state makes of it.
        var least = Enumerable.Range(0, units.Count).Select(units.Linear).ToArray();
        var choices = new int[units.Count][];
        foreach (var (unit, parent) in order)
        {
            cancellation.ThrowIfCancellationRequested();
            if (parent < 0) continue;
            var coupled = units.Couplings(parent, unit);
            choices[unit] = new int[coupled.Length];
            for (var p = 0; p < coupled.Length; p++)
            {
                var best = 0;
                for (var s = 1; s < least[unit].Length; s++)
                {
                    if (least[unit][s] + coupled[p][s] < least[unit][best] + coupled[p][best]) best = s;
                }

                choices[unit][p] = best;
                least[parent][p] += least[unit][best] + coupled[p][best];
            }
        }

        var chosen = new int[units.Count];
        for (var i = order.Count - 1; i >= 0; i--)
        {
            var (unit, parent) = order[i];
            chosen[unit] = parent < 0 ? Array.IndexOf(least[unit], least[unit].Min()) : choices[unit][chosen[parent]];
        }

        return units.Sample(chosen, low);
    }

    /// <summary>Groups and free variables of a model of 0 and 1, each with its states.</summary>
    private sealed class Units
    {
        private readonly BinaryQuadraticModel _model;
        private readonly List<int[]> _members = [];
        private readonly int[] _unitOf;
        private readonly int[] _stateOf;

        public Units(BinaryQuadraticModel model)
        {
            _model = model;
            (_unitOf, _stateOf) = (new int[model.VariableCount], new int[model.VariableCount]);
            Array.Fill(_unitOf, -1);
            foreach (var group in model.Groups)
            {
                for (var s = 0; s < group.Members.Length; s++) (_unitOf[group.Members[s]], _stateOf[group.Members[s]]) = (_members.Count, s);
                _members.Add([.. group.Members]);
            }

            for (var i = 0; i < model.VariableCount; i++)
            {
                if (_unitOf[i] >= 0) continue;
                (_unitOf[i], _stateOf[i]) = (_members.Count, 1);
                // A state without a variable: not set.
                _members.Add([-1, i]);
            }

            var neighbours = Enumerable.Range(0, Count).Select(_ => new SortedSet<int>()).ToArray();
            for (var i = 0; i < model.VariableCount; i++)
            {
                for (var k = model.RowStarts[i]; k < model.RowStarts[i + 1]; k++)
                {
                    if (model.Biases[k] != 0 && _unitOf[model.Columns[k]] != _unitOf[i]) neighbours[_unitOf[i]].Add(_unitOf[model.Columns[k]]);
                }
            }

            Neighbours = neighbours;
        }

        public int Count => _members.Count;

        public IReadOnlyList<IReadOnlySet<int>> Neighbours { get; }

        public double[] Linear(int unit) => [.. _members[unit].Select(v => v < 0 ? 0 : _model.Linear[v])];

        public double[][] Couplings(int unit, int other)
        {
            var table = new double[_members[unit].Length][];
            for (var s = 0; s < table.Length; s++)
            {
                table[s] = new double[_members[other].Length];
                if (_members[unit][s] is not (>= 0 and var i)) continue;
                for (var k = _model.RowStarts[i]; k < _model.RowStarts[i + 1]; k++)
                {
                    if (_unitOf[_model.Columns[k]] == other) table[s][_stateOf[_model.Columns[k]]] += _model.Biases[k];
                }
            }

            return table;
        }

        public sbyte[] Sample(int[] states, sbyte low)
        {
            var sample = new sbyte[_model.VariableCount];
            Array.Fill(sample, low);
            for (var u = 0; u < states.Length; u++)
            {
                if (_members[u][states[u]] is >= 0 and var set) sample[set] = 1;
            }

            return sample;
        }
    }
}
