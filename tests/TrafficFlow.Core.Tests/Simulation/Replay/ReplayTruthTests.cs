using CsCheck;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;
using TrafficFlow.Simulation.Replay;
using Xunit;

namespace TrafficFlow.Core.Tests.Simulation.Replay;

public sealed class ReplayTruthTests
{
    private static readonly DateTimeOffset Start = ReplaySource.Default.Start;

    [Fact]
    public void The_truth_of_any_interval_is_the_sum_of_the_logs() =>
        Gen.Select(Gen.Int, Gen.Int[10, 200], Gen.Int[0, 300], Gen.Int[-50, 800], Gen.Int[0, 500], Gen.Int[0, 3]).Sample((seed, period, phase, from, length, kind) =>
        {
            var source = $"replay:simulation?phase={phase}&hours=0.2";
            var site = kind switch
            {
                0 => ReplaySites.Whole(source),
                1 => ReplaySites.FourCameras(source),
                2 => ReplaySites.Of(ReplaySites.Camera("a", source, "north", "south"), ReplaySites.Camera("b", source, "north west", "south east"), ReplaySites.Camera("c", source, "", "west")),
                _ => ReplaySites.Of(ReplaySites.Camera("a", source, "north", "south"), ReplaySites.Camera("b", source + "&phase=9", "north", "south"), ReplaySites.Camera("c", "rtsp://x/1", "", "south")),
            };
            var script = ReplaySites.Random(new Random(seed), TimeSpan.FromSeconds(period));
            var span = new Interval(Start.AddSeconds(from), Start.AddSeconds(from + length));

            var counted = site.Cameras.Where(c => ReplaySource.IsReplay(c.Source))
                .SelectMany(c => new ReplayScript(site, c, ReplaySource.Parse(c.Source), script).From(1))
                .Where(e => e.Vehicle is { } v && v.Time >= span.From && v.Time < span.To)
                .GroupBy(e => new ReplayStream(e.Vehicle!.Approach, e.Vehicle.Movement, e.Vehicle.Class, e.Vehicle.Size))
                .ToDictionary(g => g.Key, g => g.LongCount());

            Assert.Equivalent(counted, new ReplayTruth(site, _ => script).Counts(span), strict: true);
        });

    [Fact]
    public void Bins_are_aligned_to_the_clock_of_the_site_and_add_up()
    {
        var truth = new ReplayTruth(ReplaySites.FourCameras("replay:simulation?hours=2&start=2026-01-01T00:30:00+00:00"), _ => ReplaySites.Simulated);
        var played = new Interval(Start.AddMinutes(30), Start.AddMinutes(150));

        var hours = truth.Bins(JunctionLayout.North, BinDuration.Hour, played).ToList();
        var minutes = truth.Bins(JunctionLayout.North, BinDuration.OneMinute, played).ToList();

        Assert.Equal([30.0, 60, 30], hours.Select(h => h.Observed.TotalMinutes));
        Assert.Equal(120, minutes.Count);
        Assert.Equal(hours.Sum(h => h.Count(Movement.Entering)), minutes.Sum(m => m.Count(Movement.Entering)));
        Assert.InRange(hours[1].Count(Movement.Entering), 300, 700);
    }

    [Fact]
    public void A_simulated_script_holds_every_vehicle_of_its_period_with_its_way_out()
    {
        var simulation = new JunctionSimulation(JunctionSettings.Default);
        simulation.AdvanceTo(ReplaySites.Simulated.Period);

        Assert.Equal(simulation.Truth.Entries.Count(e => e.Time < simulation.Now), ReplaySites.Simulated.Vehicles.Length);
        Assert.All(ReplaySites.Simulated.Vehicles, v => Assert.NotEqual(v.Entry, v.Exit));
    }

    [Fact]
    public void An_approach_is_observed_while_all_its_cameras_play()
    {
        var site = ReplaySites.Of(
            ReplaySites.Camera("a", "replay:simulation?hours=1", "north", ""),
            ReplaySites.Camera("b", "replay:simulation?hours=1&start=2026-01-01T00:10:00Z", "north", "south"));
        var truth = new ReplayTruth(site, _ => ReplaySites.Simulated);

        Assert.Equal(50, truth.Observed(JunctionLayout.North, new Interval(Start, Start.AddHours(5))).TotalMinutes);
        Assert.Equal(60, truth.Observed(JunctionLayout.South, new Interval(Start, Start.AddHours(5))).TotalMinutes);
        Assert.Equal(TimeSpan.Zero, truth.Observed(new ApproachId("east"), new Interval(Start, Start.AddHours(5))));
    }
}
