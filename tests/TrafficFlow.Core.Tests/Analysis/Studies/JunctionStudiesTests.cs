using System.Collections.Immutable;
using TrafficFlow.Analysis.Congestion;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Analysis.Signals.ControllerLogs;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Flow;
using Xunit;
using static TrafficFlow.Core.Tests.Analysis.Studies.QueuedJunction;

namespace TrafficFlow.Core.Tests.Analysis.Studies;

public sealed class JunctionStudiesTests
{
    private static readonly DateTimeOffset s_morning = new(2026, 4, 6, 7, 0, 0, TimeSpan.FromHours(9));
    private static readonly StudySettings s_settings = new(CongestionProfile.JarticOrdinary, s_morning.AddDays(8), "1.2.3") { Lanes = OneLane };

    [Fact]
    public void Green_that_is_given_to_the_wrong_street_is_seen_and_put_right()
    {
        // 560 vehicles an hour with 20 s of 70 s of green, and 200 with 40 s.
        var junction = Junction(1, 7200, 560, 200, new RunningPlan(0, 20, 40));

        var study = JunctionStudies.Of(junction.Record(), s_settings, cancellation: TestContext.Current.CancellationToken);

        var plan = Assert.Single(study.Signals.Inferred.Plans);
        Assert.Equal(70, plan.CycleSeconds.Value, 0.5);
        Assert.Equal(SignalSource.Inferred, study.Signals.Source);
        var main = study.Movements.First(m => m.Approach == North);
        // One vehicle each 2 s.
        Assert.True(main.IsSaturationMeasured);
        Assert.InRange(main.SaturationFlow!.Value.Value, 1750, 1850);
        Assert.Equal(560 / 1800.0, main.FlowRatio!.Value, 0.03);
        Assert.InRange(main.DegreeOfSaturation!.Value.Value, 0.95, 1.15);
        Assert.True(main.SplitFailures!.Value.Value > 0.3 && study.Movements.First(m => m.Approach == East).SplitFailures!.Value.Value < 0.05);
        // Movements of a lane have its figures; the volumes are their own, and unknown exits are shared out.
        Assert.Equal(3, study.Movements.Count(m => m.Approach == North));
        Assert.Equal(560, study.Movements.Where(m => m.Approach == North).Sum(m => m.PerHour.Value), 40.0);
        Assert.All(study.Movements, m => Assert.True(m.PerHour.Low <= m.PerHour.Value && m.PerHour.High >= m.PerHour.Value));
        Assert.Equal(1 - (19 / 70.0), 1 - study.Movements.First(m => m.Approach == North).ArrivalsOnGreen!.Value.Value, 0.1);
        var proposal = Assert.Single(study.Proposals);
        Assert.True(proposal.Timing.IsChange && proposal.Timing.Gain.Low > 0);
        Assert.True(Green(proposal, 0) > Green(proposal, 1), $"{Green(proposal, 0)} and {Green(proposal, 1)} s");
        Assert.True(proposal.Timing.Proposed.VehicleHoursPerHour <= proposal.Timing.Webster!.VehicleHoursPerHour);
        // People who cross keep what they have, up to what they need.
        Assert.True(Green(proposal, 1) >= 20);
        Assert.NotEmpty(study.Signals.Coordination);
        Assert.True(study.Approaches[0].VehicleHoursLost > study.Approaches[1].VehicleHoursLost);
        Assert.Equal(8, study.Approaches[0].Levels.Length);

        static double Green(ProposalStudy proposal, int main) => proposal.Timing.Proposed.Plan.Stages.First(s => s.Groups.Contains(main == 0 ? "north" : "east")).GreenSeconds;
    }

    [Fact]
    public void Progress_is_told_and_equal_records_give_equal_studies()
    {
        var record = Junction(2, 3600, 400, 250, new RunningPlan(0, 30, 30)).Record();
        var steps = new List<StudyProgress>();

        var (one, other) = (JunctionStudies.Of(record, s_settings, new Collected(steps), TestContext.Current.CancellationToken), JunctionStudies.Of(record, s_settings, cancellation: TestContext.Current.CancellationToken));

        Assert.Equal(StudyFile.ToBytes(one), StudyFile.ToBytes(other));
        Assert.Equal(StudyFile.ToBytes(one), StudyFile.ToBytes(StudyFile.Read(new MemoryStream(StudyFile.ToBytes(one)), "a")));
        Assert.Equal([StudyStep.Congestion, StudyStep.Signals, StudyStep.Movements, StudyStep.Queues, StudyStep.Causes, StudyStep.Proposals], steps.Select(s => s.Step).Distinct());
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => JunctionStudies.Of(record, s_settings, cancellation: cancelled.Token));
    }

    [Fact]
    public void A_plan_that_changes_at_noon_is_two_plans_with_a_proposal_each()
    {
        var junction = Junction(3, 7200, 420, 260, new RunningPlan(0, 30, 30), new RunningPlan(3640, 50, 40));

        var study = JunctionStudies.Of(junction.Record(), s_settings, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal([70.0, 100.0], study.Signals.Inferred.Plans.Select(p => Math.Round(p.CycleSeconds.Value)));
        Assert.Equal(2, study.Signals.Periods.Length);
        Assert.Equal(2, study.Proposals.Length);
        var changed = Assert.Single(study.Unsaid, u => u.Kind == UnsaidKind.PlanChanged);
        Assert.InRange((changed.Span!.Value.From - s_morning).TotalSeconds, 3640 - 200, 3640 + 200);
    }

    [Fact]
    public void The_same_plan_on_two_days_is_one_and_a_blind_camera_leaves_its_approach_unsaid()
    {
        var midnight = s_morning.AddHours(-7);
        var day = new QueuedJunction(4, midnight, 2 * 86_400, new RunningPlan(0, 30, 30));
        foreach (var arm in new[] { North, South }) day.Add(arm, t => t % 86_400 is > 7 * 3600 and < 10 * 3600 ? 450 : 3);
        foreach (var arm in new[] { East, West }) day.Add(arm, t => t % 86_400 is > 7 * 3600 and < 10 * 3600 ? 300 : 2);

        // East was not watched on the second day.
        var study = JunctionStudies.Of(day.Record((East, 86_400, 2 * 86_400)), s_settings, cancellation: TestContext.Current.CancellationToken);

        var east = study.Approaches.Single(a => a.Approach == East);
        Assert.Equal(TimeSpan.FromDays(1), east.Observed);
        Assert.All(east.Levels.Where(l => l.Span.From >= midnight.AddDays(1)), l => Assert.Equal((CongestionLevel.Unknown, 0), (l.Level, l.Vehicles)));
        Assert.Equal(new Interval(midnight.AddDays(1), midnight.AddDays(2)), Assert.Single(study.Unsaid, u => u.Kind == UnsaidKind.NotWatched && u.Approach == East).Span);
        Assert.Contains(study.Signals.Inferred.Plans, p => p.Span.From > midnight.AddDays(1));
        var period = study.Signals.Periods[0];
        Assert.True(period.Plans.Length >= 2);
        // Its volume is that of the day on which it was watched, not half of it.
        var volumes = study.Movements.Where(m => m.Plan == period.Plan).GroupBy(m => m.Approach).ToDictionary(g => g.Key, g => g.Sum(m => m.PerHour.Value));
        Assert.Equal(volumes[West], volumes[East], 45.0);
        Assert.Contains(study.Unsaid, u => u.Kind == UnsaidKind.TooLittleTraffic && u.Span!.Value.Length > TimeSpan.FromHours(5));
    }

    [Fact]
    public void The_busiest_hour_is_what_a_plan_of_the_whole_day_is_judged_by()
    {
        var day = new QueuedJunction(5, s_morning, 6 * 3600, new RunningPlan(0, 30, 30));
        foreach (var arm in new[] { North, South }) day.Add(arm, t => t is > 2 * 3600 and < 3 * 3600 ? 620 : 150);
        foreach (var arm in new[] { East, West }) day.Add(arm, _ => 150);

        var study = JunctionStudies.Of(day.Record(), s_settings, cancellation: TestContext.Current.CancellationToken);

        var proposal = Assert.Single(study.Proposals);
        Assert.True(proposal.IsPeakHour);
        Assert.Equal(s_morning.AddHours(2), proposal.Span.From);
        Assert.Equal(620, proposal.Demand.Single(d => d.Group == "north").VehiclesPerHour, 60.0);
    }

    [Fact]
    public void A_controller_whose_clock_differs_is_laid_over_the_cameras_by_its_greens()
    {
        var junction = new QueuedJunction(6, s_morning, 7200, new RunningPlan(0, 25, 25), new RunningPlan(2430, 40, 30), new RunningPlan(5230, 20, 45));
        foreach (var arm in new[] { North, South }) junction.Add(arm, _ => 400);
        foreach (var arm in new[] { East, West }) junction.Add(arm, _ => 300);
        var log = ControllerLog.Read(new StringReader(string.Join('\n', junction.Log(clockSeconds: 93))), Zone);
        var settings = s_settings with
        {
            Controller = new ControllerSource(log, [.. new[] { (North, 2), (South, 2), (East, 4), (West, 4) }.Select(p => new LoggedPhase(p.Item2, p.Item1, Movements(p.Item1)))], TimeSpan.FromMinutes(10)),
        };

        var study = JunctionStudies.Of(junction.Record(), settings, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(SignalSource.Controller, study.Signals.Source);
        Assert.Equal(93, study.Signals.ClockSeconds!.Value.Value, 2.0);
        Assert.InRange(double.Parse(Assert.Single(study.Unsaid, u => u.Kind == UnsaidKind.ClocksDiffer).Detail!, System.Globalization.CultureInfo.InvariantCulture), 91, 95);
        Assert.NotEmpty(study.Signals.Comparison);
        Assert.All(study.Signals.Comparison, c => Assert.True(Math.Abs(c.Cycle.Difference) < 0.5, $"{c}"));
    }

    [Fact]
    public void Hardly_anybody_is_said_and_nothing_is_proposed()
    {
        var study = JunctionStudies.Of(Junction(7, 7200, 3, 2, new RunningPlan(0, 30, 30)).Record(), s_settings, cancellation: TestContext.Current.CancellationToken);

        Assert.Empty(study.Proposals);
        Assert.Equal(SignalSource.Unknown, study.Signals.Source);
        Assert.Contains(study.Unsaid, u => u.Kind == UnsaidKind.NoSignals);
        Assert.Contains(study.Unsaid, u => u.Kind == UnsaidKind.TooLittleTraffic);
        Assert.DoesNotContain(study.Approaches.SelectMany(a => a.Levels), l => l.Level == CongestionLevel.Congested);
        Assert.All(study.Movements, m => Assert.True(m.Plan is null && m.DegreeOfSaturation is null));
    }

    [Fact]
    public void A_week_that_nobody_watched_is_unknown_and_no_error()
    {
        var record = Junction(8, 3600, 300, 200, new RunningPlan(0, 30, 30)).Record();
        record = record with { Approaches = [.. record.Approaches.Select(a => a with { Watched = IntervalSet.Empty, Queues = [] })], Journeys = [] };

        var study = JunctionStudies.Of(record, s_settings, cancellation: TestContext.Current.CancellationToken);

        Assert.All(study.Approaches.SelectMany(a => a.Levels), l => Assert.Equal(CongestionLevel.Unknown, l.Level));
        Assert.Equal(4, study.Unsaid.Count(u => u.Kind == UnsaidKind.NotWatched));
        Assert.Empty(study.Movements);
    }

    [Fact]
    public void A_stage_that_nobody_was_seen_to_use_is_not_given_to_others()
    {
        // 30 s in which nobody goes: a stage for people on foot, or a turn without vehicles.
        var junction = new QueuedJunction(9, s_morning, 7200, new RunningPlan(0, 30, 60));
        foreach (var arm in new[] { North, South }) junction.Add(arm, _ => 400);
        foreach (var arm in new[] { East, West }) junction.Add(arm, _ => 2);

        var study = JunctionStudies.Of(junction.Record(), s_settings, cancellation: TestContext.Current.CancellationToken);

        Assert.Empty(study.Proposals);
        Assert.Contains(study.Unsaid, u => u.Kind == UnsaidKind.NoProposal && u.Detail is { Length: > 0 });
    }

    [Fact]
    public void Rules_that_no_plan_can_keep_are_said_not_thrown()
    {
        var settings = s_settings with { Rules = s_settings.Rules with { MinimumGreenSeconds = 80, LongestCycleSeconds = 100 } };

        var study = JunctionStudies.Of(Junction(10, 3600, 400, 250, new RunningPlan(0, 30, 30)).Record(), settings, cancellation: TestContext.Current.CancellationToken);

        Assert.Empty(study.Proposals);
        Assert.Contains("no cycle up to 100 s", Assert.Single(study.Unsaid, u => u.Kind == UnsaidKind.NoProposal).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Causes_and_lane_queues_come_from_whoever_finds_them()
    {
        var settings = s_settings with
        {
            LaneQueues = (record, signals, _) => [new(North, 1, record.Span, record.Span.From, new Estimate(20, 15, 25), 3, false)],
            Causes = (record, study, _, _) => [new(TrafficFlow.Analysis.Causes.CauseKind.SpillBack, East, null, record.Span, 0.9, study.Approaches[0].VehicleHoursLost, [], [])],
        };

        var study = JunctionStudies.Of(Junction(11, 3600, 400, 250, new RunningPlan(0, 30, 30)).Record(), settings, cancellation: TestContext.Current.CancellationToken);

        Assert.Single(study.Approaches.Single(a => a.Approach == North).Queues);
        Assert.Single(study.Causes);
        Assert.True(study.Proposals.Length == 1, string.Join("; ", study.Unsaid));
        Assert.Equal(MeasureKind.Downstream, Assert.Single(Assert.Single(study.Proposals).Measures).Kind);
    }

    private static QueuedJunction Junction(int seed, double seconds, double mainPerHour, double sidePerHour, params RunningPlan[] plans) =>
        new QueuedJunction(seed, s_morning, seconds, plans).Add(North, _ => mainPerHour).Add(East, _ => sidePerHour).Add(South, _ => mainPerHour).Add(West, _ => sidePerHour);

    private static ImmutableArray<int?>? OneLane(JunctionRecord record, Core.Sites.ApproachId approach, ImmutableArray<Core.Junctions.Journey> journeys) => [.. journeys.Select(_ => (int?)1)];

    private static ImmutableArray<Movement> Movements(Core.Sites.ApproachId approach) => [Movement.Entering, .. new[] { North, East, South, West }.Where(a => a != approach).Select(Movement.To)];

    private sealed class Collected(List<StudyProgress> steps) : IProgress<StudyProgress>
    {
        public void Report(StudyProgress value) => steps.Add(value);
    }
}
