using CsCheck;
using TrafficFlow.Core.Flow;
using TrafficFlow.Simulation;
using TrafficFlow.Simulation.Replay;
using Xunit;

namespace TrafficFlow.Core.Tests.Simulation.Replay;

public sealed class ReplayScriptTests
{
    private static readonly Gen<(int Seed, int Period, int Phase, int Coverage, int Length)> Logs =
        Gen.Select(Gen.Int, Gen.Int[7, 200], Gen.Int[0, 400], Gen.Int[1, 60], Gen.Int[4, 900]);

    [Fact]
    public void Reading_from_any_entry_is_reading_on() =>
        Gen.Select(Logs, Gen.Int[1, 400]).Sample((log, from) =>
        {
            var all = Entries(log).ToList();
            Assert.Equal(Enumerable.Range(1, all.Count).Select(i => (long)i), all.Select(e => e.Sequence));
            Assert.Equal(all.Skip(from - 1), Make(log).From(from));
            Assert.Equal(all.Count, Make(log).Length);
        });

    [Fact]
    public void Entries_are_in_order_and_coverage_follows_every_count_that_lies_in_it() =>
        Logs.Sample(log =>
        {
            var (time, covered) = (ReplaySource.Default.Start, ReplaySource.Default.Start);
            foreach (var entry in Entries(log))
            {
                Assert.True(entry.Time >= time);
                time = entry.Time;
                if (entry.Vehicle is { } vehicle) Assert.True(vehicle.Time >= covered);
                if (entry.Coverage is not { } coverage) continue;
                Assert.Equal(covered, coverage.From);
                covered = coverage.To;
            }

            Assert.Equal(ReplaySource.Default.Start + Source(log).Length, covered);
        });

    [Fact]
    public void A_log_without_end_is_read_far_beyond_its_beginning_at_once()
    {
        var log = ReplaySites.Log(ReplaySites.Whole("replay:simulation?phase=37"), ReplaySites.Simulated);

        var far = log.From(1_000_000_000).Take(1000).ToList();

        Assert.Null(log.Length);
        Assert.Equal(far.Skip(500), log.From(1_000_000_500).Take(500));
        Assert.True(far[0].Time > ReplaySource.Default.Start.AddYears(10));
    }

    [Fact]
    public void A_vehicle_gives_the_counts_of_a_real_one()
    {
        var script = new FlowScript("one", TimeSpan.FromMinutes(1), [new(
            TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(8), JunctionLayout.North, JunctionLayout.East, default, default, 36)]);

        var entries = ReplaySites.Log(ReplaySites.Whole("replay:simulation"), script).From(1).Take(5).ToList();

        Assert.Equal(
            [("north", "entering", 3.0, 36.0), (null, null, 5, null), ("east", "exiting", 8, 36), ("north", "to east", 8, null), (null, null, 10, null)],
            entries.Select(e => (
                e.Vehicle?.Approach.Value, e.Vehicle?.Movement.Name, (e.Time - ReplaySource.Default.Start).TotalSeconds, e.Vehicle?.SpeedKmh)));
    }

    [Fact]
    public void Four_cameras_count_no_vehicle_twice()
    {
        var site = ReplaySites.FourCameras("replay:simulation?hours=0.5");
        var counted = site.Cameras.SelectMany((_, i) => ReplaySites.Log(site, ReplaySites.Simulated, i).From(1)).ToList();
        var whole = ReplaySites.Log(ReplaySites.Whole("replay:simulation?hours=0.5"), ReplaySites.Simulated).From(1).ToList();

        Assert.Equal(Totals(whole), Totals(counted));

        static SortedDictionary<string, int> Totals(List<ReplayScriptEntry> entries) => new(
            entries.Where(e => e.Vehicle is not null)
                .GroupBy(e => $"{e.Vehicle!.Approach} {e.Vehicle.Movement} {e.Vehicle.Class} {e.Vehicle.Time:O}")
                .ToDictionary(g => g.Key, g => g.Count()));
    }

    [Fact]
    public void Of_two_cameras_with_the_same_gates_the_first_one_counts()
    {
        var site = ReplaySites.Of(
            ReplaySites.Camera("one", "replay:simulation?hours=0.5", "north", ""),
            ReplaySites.Camera("two", "replay:simulation?hours=0.5&speed=7", "north east", ""));

        var second = ReplaySites.Log(site, ReplaySites.Simulated, 1).From(1).Where(e => e.Vehicle is not null).ToList();

        Assert.Contains(ReplaySites.Log(site, ReplaySites.Simulated).From(1), e => e.Vehicle?.Approach == JunctionLayout.North);
        Assert.All(second, e => Assert.Equal(JunctionLayout.East, e.Vehicle!.Approach));
        Assert.NotEmpty(second);
    }

    [Fact]
    public void The_name_tells_logs_of_different_content_apart_and_no_others()
    {
        var names = new[] { "", "?seed=1", "?speed=500", "?phase=1", "?start=2026-01-01T00:00:01Z", "?coverage=6", "?hours=3" }
            .Select(o => ReplaySites.Log(ReplaySites.Whole($"replay:simulation{o}"), ReplaySites.Simulated).Name).ToList();
        var elsewhere = ReplaySites.Whole("replay:simulation") with { Hash = "another" };

        Assert.Equal([names[0], names[0], names[0]], [names[1], names[2], ReplaySites.Log(elsewhere, ReplaySites.Simulated).Name]);
        Assert.Equal(5, names.Skip(2).Distinct().Count());
    }

    private static IEnumerable<ReplayScriptEntry> Entries((int, int, int, int, int) log) => Make(log).From(1);

    private static ReplayScript Make((int Seed, int Period, int Phase, int Coverage, int Length) log)
    {
        var site = ReplaySites.FourCameras("replay:simulation");
        return new ReplayScript(
            site, site.Cameras[log.Seed & 3], Source(log), ReplaySites.Random(new Random(log.Seed), TimeSpan.FromSeconds(log.Period)));
    }

    private static ReplaySource Source((int Seed, int Period, int Phase, int Coverage, int Length) log) => ReplaySource.Default with
    {
        Phase = TimeSpan.FromSeconds(log.Phase),
        Coverage = TimeSpan.FromSeconds(log.Coverage),
        Length = TimeSpan.FromSeconds(log.Length),
    };
}
