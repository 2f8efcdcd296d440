using System.Globalization;
using System.Text.Json;
using TrafficFlow.Analysis.Queues;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;

namespace TrafficFlow.Benchmarks.Queues;

/// <summary>How well the back of queue of each lane and cycle is told, also where it reaches beyond sight.</summary>
internal sealed class QueuesBenchmark : IBenchmark
{
    /// <summary>Nobody looked at these while the estimators were made.</summary>
    private const int FirstSeed = 22_010;

    private const double NearMetres = 7;

    public string Name => "queues";

    public string Description =>
        """
        Back of queue per lane and cycle of the synthetic junction: true boxes in four cameras with a detector's errors, trackers, ground planes, fusion, journeys with times in whole seconds,
        and the known signals, against the simulation's truth. Of every four seeds one has the usual demand, one a random one, one random long cycles, and one reds of more than three minutes.
          cycles, within_one_vehicle_share   lanes and cycles; told within 7 m: at least 0.95
          in_sight_..., beyond_sight_...     of these whose queue did not, or did reach beyond the picture's edge (some 40 m)
          flagged_right_share                whether it did is told right, of all cycles
          beyond_road_...                    the queue filled the simulated road of 138 m: not in the other figures, for its true back is not known; told as beyond 120 m, and flagged
          lanes_unknown                      approaches whose lanes were not told
        """;

    public IReadOnlyDictionary<string, string> Options => new Dictionary<string, string>
    {
        ["--first-seed"] = "seed of the first junction",
        ["--runs"] = "how many junctions",
        ["--keep"] = "folder for what was measured, so that it need not be measured again",
    };

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => RunAsync(isQuick, new Dictionary<string, string>(), cancellation);

    public Task<Figures> RunAsync(bool isQuick, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        var first = options.WholeNumber("--first-seed") ?? FirstSeed;
        var runs = options.WholeNumber("--runs") ?? (isQuick ? 4 : 16);
        var judged = new List<JudgedCycle>();
        var unknown = 0;
        Parallel.For(first, first + runs, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellation }, seed =>
        {
            var (settings, seconds) = Draw(seed);
            var (record, truth) = Measured(seed, settings, isQuick ? 900 : seconds, options.GetValueOrDefault("--keep"), cancellation);
            var told = StudyQueues.Find(record, new SimulatedSignals(settings, SeenJunction.Start), cancellation);
            lock (judged)
            {
                unknown += record.Approaches.Count(a => told.All(q => q.Approach != a.Approach));
                judged.AddRange(Judge(seed, truth, told));
            }
        });
        foreach (var miss in judged.Where(j => j.Told is not null && !j.True.IsBeyondRoad && !j.IsNear).OrderBy(j => j.Seed).ThenBy(j => j.True.Cycle.From)) Console.Error.WriteLine(miss);
        return Task.FromResult(Summary(judged, unknown));
    }

    private sealed record JudgedCycle(int Seed, TrueCycle True, LaneCycleQueue? Told)
    {
        public double Error => Told!.BackMetres!.Value.Value - True.BackMetres;

        public bool IsNear => Told?.BackMetres is not null && Math.Abs(Error) <= NearMetres;

        public bool IsBeyondSight => True.BackMetres > SeenJunction.SeenMetres - GateToLine;

        public bool IsHeld => Told?.BackMetres is { } back && True.BackMetres >= back.Low && True.BackMetres <= back.High;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{Seed} {True.Lane.Approach} {True.Lane.Number} from {(True.Cycle.From - SeenJunction.Start).TotalSeconds:0} green {(Told!.GreenBegin - SeenJunction.Start).TotalSeconds:0} to {(True.Cycle.To - SeenJunction.Start).TotalSeconds:0}: true {True.BackMetres:0.0}, told {Told.BackMetres} of {Told.Vehicles}");
    }

    // The gate lies so far behind the stop line.
    private const double GateToLine = 2.8;

    private static IEnumerable<JudgedCycle> Judge(int seed, IReadOnlyList<TrueCycle> truth, IReadOnlyList<LaneCycleQueue> told)
    {
        var byCycle = told.ToDictionary(t => (t.Approach, t.Lane, t.Cycle.To));
        foreach (var cycle in truth)
        {
            // Two kinds of lanes begin with nobody known before.
            if (cycle.Cycle.From < SeenJunction.Start.AddSeconds(30)) continue;
            yield return new JudgedCycle(seed, cycle, byCycle.GetValueOrDefault((cycle.Lane.Approach, cycle.Lane.Number, cycle.Cycle.To)));
        }
    }

    private static (JunctionSettings Settings, double Seconds) Draw(int seed)
    {
        var random = new Random(seed);
        var kind = seed % 4;
        if (kind == 3) return (JunctionSettings.Jammed with { Seed = seed }, 3000);
        var settings = JunctionSettings.Default with { Seed = seed };
        if (kind == 0) return (settings, 2400);
        var signals = kind == 1
            ? new SignalTimes(20 + (25 * random.NextDouble()), 8 + (6 * random.NextDouble()), 3, 2)
            : new SignalTimes(50 + (30 * random.NextDouble()), 10 + (8 * random.NextDouble()), 3, 2);
        return (settings with { Signals = signals, North = Demand(), East = Demand(), South = Demand(), West = Demand(), StartUpSeconds = random.NextDouble() }, 2400);

        ApproachDemand Demand() => new(150 + (500 * random.NextDouble()), 0.1 + (0.15 * random.NextDouble()), 0.08 + (0.1 * random.NextDouble()));
    }

    private static (JunctionRecord, IReadOnlyList<TrueCycle>) Measured(int seed, JunctionSettings settings, double seconds, string? folder, CancellationToken cancellation)
    {
        if (folder is null) return SeenJunction.Run(settings, seconds, cancellation);
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"{seed}-{seconds.ToString(CultureInfo.InvariantCulture)}.json");
        if (!File.Exists(file))
        {
            var (record, cycles) = SeenJunction.Run(settings, seconds, cancellation);
            File.WriteAllText(file, JsonSerializer.Serialize(new Kept([.. record.Journeys], [.. cycles])));
        }

        var kept = JsonSerializer.Deserialize<Kept>(File.ReadAllText(file))!;
        return (SeenJunction.Record(seconds, kept.Journeys, []), kept.Cycles);
    }

    private sealed record Kept(IReadOnlyList<Journey> Journeys, IReadOnlyList<TrueCycle> Cycles);

    private static Figures Summary(List<JudgedCycle> judged, int unknown)
    {
        var told = judged.Where(j => !j.True.IsBeyondRoad).ToList();
        var (beyond, road) = (told.Where(j => j.IsBeyondSight).ToList(), judged.Where(j => j.True.IsBeyondRoad).ToList());
        return new Figures()
            .Add("cycles", told.Count)
            .Add("within_one_vehicle_share", Share(told, j => j.IsNear), 4)
            .Add("in_sight_within_share", Share([.. told.Except(beyond)], j => j.IsNear), 4)
            .Add("beyond_sight_cycles", beyond.Count)
            .Add("beyond_sight_within_share", Share(beyond, j => j.IsNear), 4)
            .Add("flagged_right_share", Share(told, j => j.Told is not null && j.Told.IsBeyondSight == j.IsBeyondSight), 4)
            .Add("mean_error_m", told.Where(j => j.Told?.BackMetres is not null).Select(j => j.Error).DefaultIfEmpty().Average(), 2)
            .Add("interval_covers_share", Share(told, j => j.IsHeld), 4)
            .Add("beyond_road_cycles", road.Count)
            .Add("beyond_road_told_share", Share(road, j => j.Told is { IsBeyondSight: true, BackMetres: { Value: > 120 } }), 4)
            .Add("not_told", judged.Count(j => j.Told?.BackMetres is null))
            .Add("lanes_unknown", unknown);
    }

    private static double Share(List<JudgedCycle> cycles, Func<JudgedCycle, bool> holds) => cycles.Count == 0 ? double.NaN : (double)cycles.Count(holds) / cycles.Count;
}
