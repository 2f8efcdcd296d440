using TrafficFlow.Analysis.Signals;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Signals;

/// <summary>Traffic without signals, and what of a cycle no vehicle tells.</summary>
public sealed class BunchedTrafficTests
{
    /// <summary>From a lorry that holds up others, or a signal far away: bunches that come when they like. A single stream of vehicles that come by themselves is none either.</summary>
    [Theory]
    [InlineData(4, 6)]
    [InlineData(1, 1)]
    public void Vehicles_that_keep_to_no_cycle_are_no_signals(int streams, int size)
    {
        var told = Enumerable.Range(61, 8).Where(seed => SignalInference.Infer(Bunches(seed, hours: 3, streams, size)) is var s && s.Plans.Length + s.Varying.Length > 0).ToList();
        Assert.True(told.Count == 0, $"signals were told of seeds {string.Join(", ", told)}, which have none");
    }

    [Fact]
    public void A_split_says_that_it_may_hold_a_stage_that_nobody_used()
    {
        // Twenty seconds for people on foot after the second stage.
        var discharge = new QueuedDischarge(7)
            .Add("north", "south", 500, QueuedDischarge.Every(110, 0, 40, 0, 5400))
            .Add("east", "west", 350, QueuedDischarge.Every(110, 45, 35, 0, 5400))
            .Watched((0, 5400));
        var plan = Assert.Single(SignalInference.Infer(discharge).Plans);
        var (first, second) = (plan.Stages.Single(s => plan.Groups[s.Groups[0]].Approach.Value == "north"), plan.Stages.Single(s => plan.Groups[s.Groups[0]].Approach.Value == "east"));
        Assert.False(first.MayHideStage, $"{first}");
        Assert.True(second.MayHideStage, $"{second}");
        Assert.InRange(second.SilentSeconds!.Value, 25, 35);
    }

    [Fact]
    public void What_nobody_watched_is_told_as_that()
    {
        var discharge = new QueuedDischarge(8)
            .Add("north", "south", 500, QueuedDischarge.Every(90, 0, 40, 0, 18_000))
            .Add("east", "west", 350, QueuedDischarge.Every(90, 45, 35, 0, 18_000))
            .Watched((0, 5400), (13_000, 13_600));
        var unknown = SignalInference.Infer(discharge).Unknown;
        Assert.Contains(unknown, u => u.Reason == UnknownReason.NotWatched);
    }

    [Fact]
    public async Task It_ends_when_it_is_asked_to()
    {
        using var source = new CancellationTokenSource();
        var progress = new Last(source);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => SignalInference.Infer(Bunches(1, hours: 6, streams: 8, size: 1), null, progress, source.Token)));
        Assert.InRange(progress.Value, 0.1, 0.2);
    }

    private static Discharge Bunches(int seed, double hours, int streams, int size)
    {
        var random = new Random(seed);
        var all = new List<DischargeStream>();
        for (var s = 0; s < streams; s++)
        {
            var times = new List<double>();
            for (var at = 0.0; at < hours * 3600; at -= Math.Log(1 - random.NextDouble()) * 9 * size)
            {
                for (var i = 0; i < size; i++) times.Add(at + (2.5 * i));
            }

            all.Add(new DischargeStream(new ApproachId($"arm{s}"), Movement.Entering, [.. times.Where(t => t < hours * 3600).Order().Select(t => QueuedDischarge.Start.AddSeconds(t))]));
        }

        return new Discharge([.. all], IntervalSet.Of(new Interval(QueuedDischarge.Start, QueuedDischarge.Start.AddHours(hours))));
    }

    private sealed class Last(CancellationTokenSource source) : IProgress<double>
    {
        public double Value { get; private set; }

        public void Report(double value)
        {
            Value = value;
            if (value > 0.1) source.Cancel();
        }
    }
}
