using System.Globalization;
using Google.OrTools.Sat;
using TrafficFlow.Analysis.Optimisation.Search;

namespace TrafficFlow.Analysis.Optimisation.Exact;

/// <summary>
/// Google's CP-SAT on the linearised model, as the exact baseline: a proven optimum, or where the time ends first the best sample with a proven bound. Starts from the minimum nearest to a
/// random sample. Biases are made whole numbers; what that rounds away is taken off the bound. <see cref="SolverSettings.Reads"/> and Sweeps mean nothing to it. Its search is interleaved,
/// which costs some speed and makes it the same on any number of threads.
/// </summary>
public sealed class CpSat(TimeProvider? time = null) : ISolver
{
    /// <summary>What the sum of all whole-numbered biases may reach: far from overflow, and exact as a double.</summary>
    private const double LargestSum = 1L << 50;

    private static readonly TimeSpan BetweenStops = TimeSpan.FromMilliseconds(20);

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    public string Name => "CP-SAT";

    public async Task<SolverResult> SolveAsync(
        BinaryQuadraticModel model, SolverSettings settings, IProgress<SolverProgress>? progress = null, CancellationToken cancellation = default)
    {
        settings.Check();
        var began = _time.GetTimestamp();
        var start = Start(model, settings.Seed);
        var problem = new Linearised(model, start);
        var solver = new CpSolver { StringParameters = Parameters(settings) };
        using var watch = new Watch(this, problem, settings, progress, began);
        var solve = Task.Factory.StartNew(() => solver.Solve(problem.Model, watch), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellation.Register(() => cancelled.TrySetResult()).ConfigureAwait(false))
        {
            await Task.WhenAny(solve, cancelled.Task).ConfigureAwait(false);
            // A stop before the solver has begun is lost: ask until it is heard.
            while (!solve.IsCompleted)
            {
                solver.StopSearch();
                await Task.WhenAny(solve, Task.Delay(BetweenStops, CancellationToken.None)).ConfigureAwait(false);
            }
        }

        var status = await solve.ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        if (status is CpSolverStatus.Infeasible or CpSolverStatus.ModelInvalid)
        {
            throw new SolverException($"CP-SAT calls the model {status}: {(status == CpSolverStatus.ModelInvalid ? problem.Model.Validate() : "no sample fulfils the groups")}");
        }

        var hasSample = status is CpSolverStatus.Optimal or CpSolverStatus.Feasible;
        var sample = hasSample ? problem.Sample(solver) : start;
        var proven = status == CpSolverStatus.Unknown && solver.BestObjectiveBound == 0 ? double.NegativeInfinity : problem.ToBound(solver.BestObjectiveBound);
        var bound = Math.Max(settings.LowerBound ?? double.NegativeInfinity, Math.Max(LowerBounds.Elementary(model), proven));
        var stop = status == CpSolverStatus.Optimal ? StopReason.Completed : watch.IsAtTarget ? StopReason.TargetReached : StopReason.TimeLimit;
        return SolverResult.Of(Name, model, sample, bound, stop, _time.GetElapsedTime(began), 1, 0);
    }

    private static sbyte[] Start(BinaryQuadraticModel model, ulong seed)
    {
        var search = new SearchModel(model);
        var state = new SearchState(search);
        var random = new Xoshiro256(seed, 0);
        state.Randomize(ref random);
        GroupMoves.Descend(search, state);
        return search.ToSample(state.Bits);
    }

    private static string Parameters(SolverSettings settings)
    {
        var limit = settings.TimeLimit is { } time ? string.Create(CultureInfo.InvariantCulture, $" max_time_in_seconds:{Math.Max(time.TotalSeconds, 0.001)}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"num_workers:{settings.Threads} interleave_search:true random_seed:{settings.Seed % int.MaxValue}{limit}");
    }

    /// <summary>A Boolean for each variable and for each product that can be 1; products are held from the side on which the minimum would cheat only.</summary>
    private sealed class Linearised
    {
        private readonly BinaryQuadraticModel _model;
        private readonly BoolVar[] _variables;
        private readonly double _scale;
        private readonly double _rounded;
        private readonly double _offset;

        public Linearised(BinaryQuadraticModel model, sbyte[] start)
        {
            _model = model;
            var binary = model.ChangeVartype(Vartype.Binary);
            _offset = binary.Offset;
            _variables = [.. Enumerable.Range(0, model.VariableCount).Select(i => Model.NewBoolVar(string.Create(CultureInfo.InvariantCulture, $"x{i}")))];
            for (var i = 0; i < start.Length; i++) Model.AddHint(_variables[i], start[i] == 1);
            var groupOf = new Dictionary<int, OneHotGroup>();
            foreach (var group in model.Groups)
            {
                Model.AddExactlyOne(group.Members.Select(m => (ILiteral)_variables[m]));
                foreach (var member in group.Members) groupOf[member] = group;
            }

            // Two of one group are never set together.
            bool CanBeOne(Coupling c) => c.Bias != 0 && !(groupOf.TryGetValue(c.U, out var group) && ReferenceEquals(group, groupOf.GetValueOrDefault(c.V)));
            var couplings = binary.Couplings().Where(CanBeOne).ToList();
            var linear = binary.Linear.ToArray();
            var biases = linear.Concat(couplings.Select(c => c.Bias)).ToList();
            _scale = Scale(biases);
            var whole = biases.ConvertAll(b => (long)Math.Round(b * _scale));
            _rounded = biases.Zip(whole, (bias, rounded) => Math.Abs(bias - rounded / _scale)).Sum();
            Model.Minimize(LinearExpr.WeightedSum([.. _variables, .. couplings.Select(Product)], whole));
        }

        public CpModel Model { get; } = new();

        public double ToBound(double objective) => (objective / _scale) - _rounded + _offset;

        public sbyte[] Sample(CpSolver solver) => [.. _variables.Select(v => solver.BooleanValue(v) ? (sbyte)1 : _model.Vartype.Low())];

        private BoolVar Product(Coupling coupling)
        {
            var (u, v) = (_variables[coupling.U], _variables[coupling.V]);
            var product = Model.NewBoolVar("");
            if (coupling.Bias > 0)
            {
                Model.AddBoolOr([u.Not(), v.Not(), product]);
            }
            else
            {
                Model.AddImplication(product, u);
                Model.AddImplication(product, v);
            }

            return product;
        }

        /// <summary>1 where all biases are whole, else the largest power of two that leaves room for the sum, so that what has few binary places stays exact.</summary>
        private static double Scale(List<double> biases)
        {
            var sum = biases.Sum(Math.Abs);
            if (sum > LargestSum) throw new SolverException($"biases add up to {sum:E2}, more than CP-SAT can count: scale the model down");
            if (sum == 0 || biases.TrueForAll(b => b == Math.Round(b))) return 1;
            return Math.Pow(2, Math.Floor(Math.Log2(LargestSum / sum)));
        }
    }

    private sealed class Watch(CpSat owner, Linearised problem, SolverSettings settings, IProgress<SolverProgress>? progress, long began) : CpSolverSolutionCallback
    {
        public bool IsAtTarget { get; private set; }

        public override void OnSolutionCallback()
        {
            var energy = problem.ToBound(ObjectiveValue());
            progress?.Report(new SolverProgress(owner.Name, 0, 0, energy, owner._time.GetElapsedTime(began)));
            if (settings.TargetEnergy is not { } target || energy > target + 1e-9 * (1 + Math.Abs(target))) return;
            IsAtTarget = true;
            StopSearch();
        }
    }
}
