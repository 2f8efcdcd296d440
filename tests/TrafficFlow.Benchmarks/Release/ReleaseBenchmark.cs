using System.Diagnostics;
using System.Globalization;
using TrafficFlow.Core.Release;
using TrafficFlow.Core.Tests.Release.Attack;

namespace TrafficFlow.Benchmarks.Release;

/// <summary>What is released of a month, how much of it is suppressed, and whether an outsider with a linear programme finds a suppressed cell.</summary>
internal sealed class ReleaseBenchmark : IBenchmark
{
    private const int Threshold = 5;
    private const int QuickSample = 5;
    private const int NaiveSample = 20;

    public string Name => "release";

    public string Description =>
        """
        One month of an approach with three movements, at three levels of traffic, through small-cell suppression; then every class x movement cell
        below the threshold (hours, days, the month, and the 1, 5 and 15-minute bins of some hours) is minimised and maximised by linear
        programming over all that was released. Without --quick this takes an hour or two: --cells N attacks N cells of each kind instead.
          cells, suppressed_share, vehicles_suppressed_share    of class x movement: hours with traffic, days and month; vehicles of the hours
          day_vehicles_suppressed_share, busy_..., mixed_..., quiet_...    the same of days, and of hours of each level of traffic
          release_s                                             to release one month of one approach
          solved, breached                                      cells attacked, and found within forbidden bounds: must be 0
          naive_breached_share                                  the same attack where only small cells are hidden: shows that the attacker works
        """;

    public IReadOnlyDictionary<string, string> Options => new Dictionary<string, string>
    {
        ["--seed"] = "of the random months; printed by every run",
        ["--cells"] = "cells of each kind and stream to attack",
    };

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => RunAsync(isQuick, new Dictionary<string, string>(), cancellation);

    public Task<Figures> RunAsync(bool isQuick, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        var seed = options.WholeNumber("--seed") ?? Random.Shared.Next(1, int.MaxValue);
        var most = options.WholeNumber("--cells") ?? (isQuick ? QuickSample : 0);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        var (all, naive) = (new List<AttackedCell>(), new List<AttackedCell>());
        var (cells, suppressed) = (0L, 0L);
        var (hours, days) = (new Share(), new Share());
        var (figures, seconds) = (new Figures(), 0.0);
        var levels = new List<(string Name, double Share)>();
        foreach (var level in TrafficLevel.All)
        {
            var month = new RandomMonth(seed, level);
            var release = new FlowRelease();
            var watch = Stopwatch.StartNew();
            var released = release.Month(month.Approach, RandomMonth.Year, RandomMonth.Month, month.Revisions, month.End);
            seconds = Math.Max(seconds, watch.Elapsed.TotalSeconds);
            var ofLevel = new Share();
            for (var stream = 0; stream < month.Movements.Count; stream++)
            {
                cancellation.ThrowIfCancellationRequested();
                var random = new Random(seed + stream);
                var (facts, truth) = StreamTruth.Of(month, released, release, stream, 8, random);
                ofLevel.Add(facts.Days.SelectMany((d, i) => d.Hours.SelectMany((h, j) => h.Told.Select((t, c) => (t is null, truth.Hours[i][j][c])))));
                days.Add(facts.Days.SelectMany((d, i) => d.Told.Select((t, c) => (t is null, truth.Hours[i].Sum(h => h[c])))));
                var told = facts.Days.SelectMany(d => d.Hours.Where(h => h.Total > 0).SelectMany(h => h.Told).Concat(d.Told)).Concat(facts.Told).ToList();
                cells += told.Count;
                suppressed += told.Count(t => t is null);
                var attacked = ReleaseJudge.Attack(facts, truth, Threshold, most, random, cancellation);
                all.AddRange(attacked);
                foreach (var breach in attacked.Where(a => !a.IsProtected(Threshold))) Console.Error.WriteLine($"{level.Name} {month.Movements[stream]}: {breach}");
                naive.AddRange(ReleaseJudge.Attack(truth.HideOnlySmall(facts, Threshold), truth, Threshold, most > 0 ? most : NaiveSample, random, cancellation));
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{level.Name} {month.Movements[stream]}: {attacked.Count} cells attacked"));
            }

            hours.Add(ofLevel);
            levels.Add((level.Name, ofLevel.OfVehicles));
        }

        cancellation.ThrowIfCancellationRequested();
        figures.Add("cells", cells).Add("suppressed_share", (double)suppressed / cells, 4).Add("vehicles_suppressed_share", hours.OfVehicles, 4)
            .Add("day_vehicles_suppressed_share", days.OfVehicles, 4);
        foreach (var (name, share) in levels) figures.Add($"{name}_vehicles_suppressed_share", share, 4);
        return Task.FromResult(figures.Add("release_s", seconds, 2).Add("solved", all.Count).Add("breached", all.Count(a => !a.IsProtected(Threshold)))
            .Add("naive_breached_share", (double)naive.Count(a => !a.IsProtected(Threshold)) / naive.Count, 3));
    }

    /// <summary>Vehicles in cells that are not told, of all.</summary>
    private sealed class Share
    {
        private long _hidden;
        private long _all;

        public double OfVehicles => (double)_hidden / Math.Max(1, _all);

        public void Add(IEnumerable<(bool IsHidden, int Vehicles)> cells)
        {
            foreach (var (isHidden, vehicles) in cells)
            {
                _all += vehicles;
                if (isHidden) _hidden += vehicles;
            }
        }

        public void Add(Share other) => (_hidden, _all) = (_hidden + other._hidden, _all + other._all);
    }
}
