using System.Globalization;
using TrafficFlow.Core.Incidents;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tests.Junctions;
using TrafficFlow.Simulation;

namespace TrafficFlow.Benchmarks.Incidents;

/// <summary>Are incidents found, how soon, and what is told where there is none?</summary>
internal sealed class IncidentsBenchmark : IBenchmark
{
    /// <summary>Nobody looked at these while the detector was made.</summary>
    private const int FirstSeed = 41_010;

    private const double WarmUpMinutes = 15;
    private const double Hour = 3600;

    // Where the usual rate must be known first.
    private const double ClosesAfter = 35 * 60;

    public string Name => "incidents";

    public string Description =>
        """
        Incidents in simulated junctions, seen by four cameras with noise, biases, broken tracks and vehicles hidden for seconds, through the fusion of the product.
        Runs of an hour with five breakdowns of 150 s (in a lane before the junction, inside it, beyond it) and four wrong-way drivers each, at half, usual and 1.3
        times the usual demand; runs in which an approach is closed after 35 minutes; and hours without any incident, with people, cyclists and parked vehicles:
        free, busy, jammed.
          injected, found_share              incidents for which there was evidence for 30 s; told with the right kind and place while it lasted
          median_s, worst_s                  from the first evidence to telling: a breakdown's begins when it stands and nobody stands close before it, a wrong-way
                                             driver's after 25 m; a closure's when the same test says so of the true arrivals
          without_evidence                   breakdowns that always stood in a queue: nobody could tell
          KIND_found, KIND_injected, ...     the same by kind; drop_after_closure_median_s from the closure on: that is what the test for a drop needs
          false_per_hour                     incidents told per hour without one; by load: free_, busy_, jammed_
          secondary_per_run                  others told in hours with incidents: what followed from them
        """;

    public IReadOnlyDictionary<string, string> Options => new Dictionary<string, string>
    {
        ["--first-seed"] = "seed of the first run",
        ["--runs"] = "how many runs of each sort",
        ["--sorts"] = "A,B    only these: breakdowns, closures, without",
    };

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => RunAsync(isQuick, new Dictionary<string, string>(), cancellation);

    public Task<Figures> RunAsync(bool isQuick, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        var first = options.WholeNumber("--first-seed") ?? FirstSeed;
        var runs = options.WholeNumber("--runs") ?? (isQuick ? 1 : 12);
        var sorts = options.GetValueOrDefault("--sorts")?.Split(',') ?? ["breakdowns", "closures", "without"];
        var results = new IncidentResults();
        for (var seed = first; seed < first + runs; seed++)
        {
            if (sorts.Contains("breakdowns")) Breakdowns(seed, results, cancellation);
            if (sorts.Contains("closures")) Closure(seed, results, cancellation);
            if (sorts.Contains("without")) Without(seed, results, cancellation);
        }

        return Task.FromResult(results.Summary());
    }

    private static void Breakdowns(int seed, IncidentResults results, CancellationToken cancellation)
    {
        var random = new Random(seed);
        var (breakdowns, wrongWay) = (new List<Breakdown>(), new List<WrongWayDriver>());
        for (var i = 0; i < 5; i++) breakdowns.Add(Draw(random, (WarmUpMinutes * 60) + (i * 520)));
        for (var i = 0; i < 4; i++)
        {
            var lane = random.Next(2) == 0 ? JunctionLayout.KerbLane : JunctionLayout.InnerLane;
            // After the breakdown is over: it drives through whatever stands there.
            wrongWay.Add(new WrongWayDriver(i, random.Next(4), lane, (WarmUpMinutes * 60) + (i * 520) + 330 + random.Next(60), (22 + (23 * random.NextDouble())) / 3.6, seed + i));
        }

        var load = (seed % 3) switch { 0 => 0.5, 1 => 1.0, _ => 1.3 };
        var run = new IncidentRun(Loaded(JunctionSettings.Default, load) with { Seed = seed, Breakdowns = breakdowns }, wrongWay, seed);
        run.Play(Hour, cancellation);
        results.Add(seed, run, wrongWay);
    }

    private static Breakdown Draw(Random random, double from)
    {
        var approach = JunctionLayout.Approaches[random.Next(4)];
        var turn = (Turn)(random.Next(4) switch { 0 => 0, 3 => 2, _ => 1 });
        // Before: beyond the reach of the stop line and in view; beyond: with so much road in view before it that it is seen to be free.
        var metres = random.Next(3) switch
        {
            0 => -23 - (9 * random.NextDouble()),
            1 => (0.55 + (0.25 * random.NextDouble())) * Injection.Connector(turn),
            _ => Injection.Connector(turn) + 10 + (10 * random.NextDouble()),
        };
        return new Breakdown(approach, turn, from + (60 * random.NextDouble()), metres, 150);
    }

    private static void Closure(int seed, IncidentResults results, CancellationToken cancellation)
    {
        var arm = seed % 4;
        var settings = JunctionSettings.Default with { Seed = seed };
        ApproachDemand Closed(ApproachDemand demand) => demand with { Steps = [new DemandStep(ClosesAfter, 0)] };
        settings = arm switch
        {
            0 => settings with { North = Closed(settings.North) },
            1 => settings with { East = Closed(settings.East) },
            2 => settings with { South = Closed(settings.South) },
            _ => settings with { West = Closed(settings.West) },
        };
        var run = new IncidentRun(settings, [], seed);
        run.Play(ClosesAfter + 900, cancellation);
        results.AddClosure(seed, run, JunctionLayout.Approaches[arm], ClosesAfter, ClosesAfter + 900);
    }

    private static void Without(int seed, IncidentResults results, CancellationToken cancellation)
    {
        var street = StreetSettings.Lively with { DeliveriesPerHour = 0 };
        foreach (var (name, settings) in new[]
        {
            ("free", Loaded(JunctionSettings.Default, 0.5)), ("busy", Loaded(JunctionSettings.Default, 1.3)), ("jammed", JunctionSettings.Jammed),
        })
        {
            var run = new IncidentRun(settings with { Seed = seed, Street = street }, [], seed);
            run.Play(Hour, cancellation);
            results.AddWithout(seed, name, run, Hour / 3600);
        }
    }

    private static JunctionSettings Loaded(JunctionSettings settings, double share)
    {
        ApproachDemand By(ApproachDemand demand) => demand with { VehiclesPerHour = demand.VehiclesPerHour * share };
        return settings with { North = By(settings.North), East = By(settings.East), South = By(settings.South), West = By(settings.West) };
    }
}

/// <summary>What was found and what not.</summary>
internal sealed class IncidentResults
{
    private readonly List<(string Kind, double? Delay)> _found = [];
    private readonly Dictionary<string, (int Told, double Hours)> _without = [];
    private readonly List<double> _afterClosure = [];
    private int _withoutEvidence;
    private int _secondary;
    private int _runs;

    public void Add(int seed, IncidentRun run, IReadOnlyList<WrongWayDriver> wrongWay)
    {
        var left = run.Opened.ToList();
        foreach (var injection in run.Injections)
        {
            if (!injection.HasEvidence)
            {
                _withoutEvidence++;
                left.RemoveAll(o => injection.StoodAt is { } stood && o.Seconds >= stood && o.Incident.Kind <= IncidentKind.BlockedLane && o.Incident.Area == injection.Area);
                continue;
            }

            var found = left.Where(o => o.Incident.Kind is IncidentKind.StoppedVehicle or IncidentKind.BlockedLane && o.Incident.Area == injection.Area
                && (o.Incident.Approach == injection.Arm || o.Incident.Approach is null) && o.Seconds >= injection.StoodAt && o.Seconds <= (injection.LeftAt ?? double.MaxValue)).ToList();
            Note(seed, injection.Area.Name(), found.Count > 0 ? Math.Max(0, found[0].Seconds - injection.FreeAt) : null, injection.StoodAt!.Value, injection.Breakdown.ToString());
            if (found.Count > 0) left.Remove(found[0]);
        }

        foreach (var driver in wrongWay)
        {
            var until = driver.FromSeconds + (110 / driver.Speed) + 3;
            var found = left.Where(o => o.Incident.Kind == IncidentKind.WrongWay && o.Seconds >= driver.FromSeconds && o.Seconds <= until).ToList();
            Note(seed, "wrong-way", found.Count > 0 ? Math.Max(0, found[0].Seconds - IncidentRun.EvidenceOf(driver)) : null, driver.FromSeconds, driver.ToString());
            // On its way in and on its way out.
            foreach (var one in found) left.Remove(one);
        }

        _runs++;
        _secondary += left.Count;
        foreach (var (incident, seconds) in left) Tell(seed, "secondary", incident, seconds);
    }

    public void AddClosure(int seed, IncidentRun run, ApproachId approach, double closedAt, double until)
    {
        // The arrivals as they really were, in one second each: what noise and lost tracks cost.
        if (TrueEvidence(run, approach, until) is { } evidence && until - evidence >= 30)
        {
            var found = run.Opened.Where(o => o.Incident.Kind == IncidentKind.FlowDrop && o.Incident.Approach == approach && o.Seconds >= closedAt).ToList();
            Note(seed, "drop", found.Count > 0 ? Math.Max(0, found[0].Seconds - evidence) : null, closedAt, approach.Value);
            if (found.Count > 0) _afterClosure.Add(found[0].Seconds - closedAt);
        }
        else
        {
            _withoutEvidence++;
        }

        AddWithout(seed, "closure", run, closedAt / 3600, o => o.Seconds < closedAt || o.Incident.Approach != approach);
    }

    public void AddWithout(int seed, string load, IncidentRun run, double hours, Func<(Incident Incident, double Seconds), bool>? isFalse = null)
    {
        var told = run.Opened.Where(isFalse ?? (_ => true)).ToList();
        var before = _without.GetValueOrDefault(load);
        _without[load] = (before.Told + told.Count, before.Hours + hours);
        foreach (var (incident, seconds) in told) Tell(seed, load, incident, seconds);
    }

    public Figures Summary()
    {
        var delays = _found.Where(f => f.Delay is not null).Select(f => f.Delay!.Value).ToList();
        var figures = new Figures()
            .Add("injected", _found.Count)
            .Add("found_share", (double)delays.Count / _found.Count, 3)
            .Add("median_s", delays.Median(), 1)
            .Add("worst_s", delays.DefaultIfEmpty(0).Max(), 1)
            .Add("false_per_hour", _without.Values.Sum(w => w.Told) / _without.Values.Sum(w => w.Hours), 3)
            .Add("without_evidence", _withoutEvidence);
        foreach (var kind in _found.GroupBy(f => f.Kind).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var known = kind.Where(f => f.Delay is not null).Select(f => f.Delay!.Value).ToList();
            figures.Add($"{kind.Key}_injected", kind.Count()).Add($"{kind.Key}_found", known.Count)
                .Add($"{kind.Key}_median_s", known.Median(), 1).Add($"{kind.Key}_worst_s", known.DefaultIfEmpty(0).Max(), 1);
        }

        foreach (var (load, (told, hours)) in _without) figures.Add($"{load}_hours", hours, 1).Add($"{load}_false", told);
        return figures.Add("drop_after_closure_median_s", _afterClosure.Median(), 0).Add("secondary_per_run", (double)_secondary / Math.Max(1, _runs), 2);
    }

    /// <summary>When the test itself, given every true arrival at once, would tell.</summary>
    private static double? TrueEvidence(IncidentRun run, ApproachId approach, double until)
    {
        var arrivals = new int[(int)until];
        foreach (var entry in run.Truth.Entries.Where(e => e.Approach == approach && e.Time.TotalSeconds < until)) arrivals[(int)entry.Time.TotalSeconds]++;
        for (var second = 1800; second < until; second++)
        {
            if (FlowDropTest.Of(arrivals.AsSpan(Math.Max(0, second - 1500), Math.Min(second, 1500)), IncidentSettings.Default) is { IsDrop: true }) return second;
        }

        return null;
    }

    private void Note(int seed, string kind, double? delay, double at, string what)
    {
        _found.Add((kind, delay));
        if (delay is null or > 30) Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {kind} at {at:0} s {(delay is { } d ? $"told after {d:0} s" : "not told")}: {what}"));
    }

    private static void Tell(int seed, string what, Incident incident, double seconds) => Console.Error.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"seed {seed}, {what}: {incident.Kind.Name()} {incident.Area.Name()} {incident.Approach} {incident.MetresFromGate:0} m, {incident.LateralMetres:0.0} m, told at {seconds:0} s, began {(incident.UpdatedAt - incident.BeganAt).TotalSeconds:0} s before, {incident.Confidence:0.00}, passed {incident.Passed}"));
}
