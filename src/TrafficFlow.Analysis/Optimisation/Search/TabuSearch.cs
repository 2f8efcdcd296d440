namespace TrafficFlow.Analysis.Optimisation.Search;

/// <summary>
/// Always the best change that is not forbidden, also where it is none to the better; what was changed is forbidden for a while, unless it leads to a sample better than all before. Changes
/// are flips of free variables, moves of groups, and transfers of equal steps. A read ends after its sweeps (a sweep: as many changes as there are variables), or when nothing better came
/// for a fifth of them.
/// </summary>
public sealed class TabuSearch(TimeProvider? time = null) : ISolver
{
    /// <summary>dwave-samplers' rule: a quarter of the variables, at most 20 changes; and up to as much again at random, so that no circle closes.</summary>
    private const int LongestTenure = 20;

    /// <summary>Of so few variables a quarter is too short to leave a valley with: up to half of them then.</summary>
    private const int FewChoices = 20;

    public string Name => "tabu search";

    public Task<SolverResult> SolveAsync(
        BinaryQuadraticModel model, SolverSettings settings, IProgress<SolverProgress>? progress = null, CancellationToken cancellation = default)
    {
        settings.Check();
        var search = new SearchModel(model);
        return new ReadPool(Name, model, settings, time ?? TimeProvider.System, progress).RunAsync(search, () => new Reader(search, settings.Sweeps), cancellation);
    }

    /// <summary>Between two looks at the time and for a cancellation: some ten microseconds of a core's, next to which a look costs nothing. One step of a model of many groups takes far more.</summary>
    private const long MovesPerLook = 4096;

    private sealed class Reader(SearchModel model, int sweeps) : IReader
    {
        private readonly SearchState _state = new(model);
        private readonly long[] _forbiddenUntil = new long[model.Count];
        private readonly sbyte[] _bits = new sbyte[model.Count];
        private double _energy;
        private long _evaluated;
        private bool _mustStop;

        public SearchState Best { get; } = new(model);

        public long Sweeps { get; private set; }

        public void Read(int read, ref Xoshiro256 random, ReadControl control)
        {
            _state.Randomize(ref random);
            Array.Clear(_forbiddenUntil);
            (_evaluated, _mustStop) = (0, false);
            Keep();
            // A change of one of few groups is a larger step than a flip: tenure is by what can be chosen from.
            var choices = model.Free.Length + model.Groups.Length;
            var tenure = Math.Clamp(choices / 4, 1, LongestTenure);
            var more = Math.Max(tenure, Math.Min(choices, FewChoices) / 2);
            var (all, patience) = ((long)sweeps * model.Count, Math.Max(1, (long)sweeps * model.Count / 5));
            var improved = 0L;
            for (var step = 1L; step <= all && step - improved <= patience; step++)
            {
                if (step % Math.Max(1, model.Count) == 0) Sweeps++;
                var isChanged = Change(step, tenure + random.Next(more + 1), read, control);
                if (_mustStop) break;
                if (!isChanged) continue;
                if (_state.Energy >= _energy - model.Tolerance) continue;
                Keep();
                improved = step;
                if (control.IsAtTarget(_energy)) break;
            }

            Best.Set(_bits);
            // Nobody reads what a search found that is cancelled.
            if (!control.IsCancelled) GroupMoves.Descend(model, Best);
        }

        private void Keep()
        {
            _energy = _state.Energy;
            _state.Bits.CopyTo(_bits);
        }

        /// <summary>Counts moves that were evaluated, and looks once in a while whether the read must stop.</summary>
        /// <returns>It must.</returns>
        private bool Count(int moves, int read, ReadControl control)
        {
            _evaluated += moves;
            if (_evaluated < MovesPerLook) return _mustStop;
            _evaluated = 0;
            return _mustStop |= control.MustStop(read);
        }

        /// <returns>False where everything is forbidden, or the read must stop.</returns>
        private bool Change(long step, int tenure, int read, ReadControl control)
        {
            var aspiration = _energy - _state.Energy - model.Tolerance;
            var best = double.PositiveInfinity;
            var (flip, g, gTo, h, hTo) = (-1, -1, 0, -1, 0);
            foreach (var i in model.Free)
            {
                var delta = _state.FlipDelta(i);
                if (delta < best && (_forbiddenUntil[i] < step || delta < aspiration)) (best, flip) = (delta, i);
            }

            // At least one, so that a model of nothing ends too.
            if (Count(model.Free.Length + 1, read, control)) return false;
            for (var group = 0; group < model.Groups.Length; group++)
            {
                for (var p = 0; p < model.Groups[group].Length; p++)
                {
                    if (p == _state.Positions[group]) continue;
                    var delta = _state.MoveDelta(group, p);
                    if (delta < best && (IsAllowed(group, p, step) || delta < aspiration)) (best, flip, g, gTo, h) = (delta, -1, group, p, -1);
                }

                if (Count(model.Groups[group].Length, read, control)) return false;
                for (var other = group + 1; other < model.Groups.Length; other++)
                {
                    var (from, to) = GroupMoves.Steps(model, _state, group, other);
                    if (Count(to - from + 1, read, control)) return false;
                    for (var s = from; s <= to; s++)
                    {
                        if (s == 0) continue;
                        var (up, down) = (_state.Positions[group] + s, _state.Positions[other] - s);
                        var delta = _state.TransferDelta(group, up, other, down);
                        if (delta < best && ((IsAllowed(group, up, step) && IsAllowed(other, down, step)) || delta < aspiration)) (best, flip, g, gTo, h, hTo) = (delta, -1, group, up, other, down);
                    }
                }
            }

            var until = step + tenure;
            if (flip >= 0)
            {
                _state.Flip(flip);
                _forbiddenUntil[flip] = until;
                return true;
            }

            if (g < 0) return false;
            // What a group has left, it does not come back to for a while.
            _forbiddenUntil[model.Groups[g][_state.Positions[g]]] = until;
            if (h < 0)
            {
                _state.Move(g, gTo);
                return true;
            }

            _forbiddenUntil[model.Groups[h][_state.Positions[h]]] = until;
            _state.Transfer(g, gTo, h, hTo);
            return true;
        }

        private bool IsAllowed(int group, int position, long step) => _forbiddenUntil[model.Groups[group][position]] < step;
    }
}
