using System.Collections.Immutable;
using TrafficFlow.Analysis.Simulators;
using TrafficFlow.Analysis.Simulators.Sumo;
using TrafficFlow.Core.Tests.Analysis.Simulators;
using TrafficFlow.SystemTests.Processes;
using Xunit;

namespace TrafficFlow.SystemTests.Analysis;

/// <summary>Debian's SUMO on junctions of ours: what it tells must be what a traffic engineer expects of a signal.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class SumoTests
{
    private const double WarmUp = 600;

    private static readonly double[] s_usual = [500, 380, 460, 360];
    private static readonly DemandSlice s_hour = TestJunction.Demand(WarmUp + 3600, s_usual);
    private static readonly SumoSimulator s_sumo = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Equal_runs_give_equal_journeys_and_everybody_who_came_is_accounted_for()
    {
        SkipWithoutSumo();
        var (first, again, other) = (await RunAsync(TestJunction.Plan(30, 30), 1), await RunAsync(TestJunction.Plan(30, 30), 1), await RunAsync(TestJunction.Plan(30, 30), 2));

        Assert.Equal(first, again);
        Assert.NotEqual(first.Length, other.Length);
        Assert.Equal(ArrivingTraffic.Of([s_hour], 1).Length, first.Length);
        Assert.All(first, j => Assert.True(j.HasLeft && j.DelaySeconds >= 0 && j.SeenDelaySeconds is >= 0));
        // A litre of petrol or diesel, 0.75 to 0.84 kg, gives 2.3 to 2.7 kg of CO2.
        Assert.InRange(first.Sum(j => j.Co2Grams!.Value) / first.Sum(j => j.FuelGrams!.Value), 3.0, 3.3);
    }

    [Fact]
    public async Task More_green_shortens_the_delay_where_it_goes_and_lengthens_it_where_it_comes_from()
    {
        SkipWithoutSumo();

        var comparison = await CompareAsync(TestJunction.Plan(30, 30), TestJunction.Plan(38, 22), 5);

        Assert.True(Delay("north").High < 0 && Delay("south").High < 0, $"north {Delay("north")}, south {Delay("south")}");
        Assert.True(Delay("east").Low > 0 && Delay("west").Low > 0, $"east {Delay("east")}, west {Delay("west")}");

        ComparedFigure Delay(string approach) => comparison.Approaches.Single(a => a.Name == approach).DelaySeconds;
    }

    [Fact]
    public async Task A_plan_compared_with_itself_changes_nothing()
    {
        SkipWithoutSumo();

        var change = (await CompareAsync(TestJunction.Plan(30, 30), TestJunction.Plan(30, 30), 3)).All.DelaySeconds;

        Assert.Equal((0, 0, 0, 1), (change.Change, change.Low, change.High, change.PValue));
        Assert.False(change.IsBeyondNoise);
    }

    [Fact]
    public async Task A_queue_beyond_the_arm_is_delay_and_who_is_never_let_in_has_waited_to_the_end()
    {
        SkipWithoutSumo();
        var flood = TestJunction.Demand(WarmUp + 3600, [1500, 100, 100, 100]);

        var journeys = await s_sumo.RunAsync(new SimulatorRun(TestJunction.Model(), TestJunction.Plan(10, 60), [flood], DriverModel.Default, 1) { DrainSeconds = 0 }, Cancellation);

        var north = journeys.Where(j => j.Turn.Approach == TestJunction.North).ToList();
        Assert.Contains(north, j => !j.HasLeft && j.FuelGrams is null);
        Assert.True(north.Average(j => j.DelaySeconds) > 600, $"{north.Average(j => j.DelaySeconds):0} s");
        Assert.True(journeys.Where(j => j.Turn.Approach == TestJunction.East).Average(j => j.DelaySeconds) < 60);
    }

    [Fact]
    public async Task A_short_turn_lane_holds_up_those_who_go_ahead()
    {
        SkipWithoutSumo();
        var turning = TestJunction.Demand(WarmUp + 3600, s_usual, acrossShare: 0.3);

        var (longLane, shortLane) = (await MeanAsync(null), await MeanAsync(20));

        Assert.True(shortLane > 1.3 * longLane, $"{longLane:0.0} s with a lane of the whole arm, {shortLane:0.0} s with one of 20 m");

        async Task<double> MeanAsync(double? pocket)
        {
            var journeys = await s_sumo.RunAsync(new SimulatorRun(TestJunction.Model(pocketMetres: pocket), TestJunction.Plan(30, 30), [turning], DriverModel.Default, 1), Cancellation);
            return journeys.Where(j => j.Turn == new TurnId(TestJunction.North, TestJunction.South)).Average(j => j.DelaySeconds);
        }
    }

    [Fact]
    public async Task Who_turns_across_without_an_arrow_gives_way()
    {
        SkipWithoutSumo();
        var permitted = TestJunction.Plan(40, 40, arrow: 0, across: MovementLight.GreenGivingWay);
        var quiet = TestJunction.Demand(WarmUp + 3600, [300, 100, 100, 100]);
        var opposed = TestJunction.Demand(WarmUp + 3600, [300, 100, 900, 100]);

        var (free, held) = (await MeanAsync(quiet), await MeanAsync(opposed));

        Assert.True(held > 1.5 * free, $"{free:0.0} s against little, {held:0.0} s against much opposite traffic");

        async Task<double> MeanAsync(DemandSlice demand)
        {
            var journeys = await s_sumo.RunAsync(new SimulatorRun(TestJunction.Model(), permitted, [demand], DriverModel.Default, 1), Cancellation);
            return journeys.Where(j => j.Turn == new TurnId(TestJunction.North, TestJunction.West)).Average(j => j.DelaySeconds);
        }
    }

    [Fact]
    public async Task Traffic_on_the_right_is_the_mirror_of_traffic_on_the_left()
    {
        SkipWithoutSumo();
        // The same demand ahead, and to the near and far side: only the side of the road differs.
        var (left, right) = (await MeanAsync(true), await MeanAsync(false));

        Assert.InRange(right / left, 0.8, 1.25);

        async Task<double> MeanAsync(bool drivesOnLeft)
        {
            var plan = TestJunction.Plan(30, 30);
            // The lights of near and far side change places with them.
            if (!drivesOnLeft) plan = plan with { Steps = [.. plan.Steps.Select(s => s with { Lights = s.Lights.ToImmutableDictionary(l => Mirror(l.Key), l => l.Value) })] };
            var demand = drivesOnLeft ? s_hour : s_hour with { Flows = [.. s_hour.Flows.Select(f => f with { Turn = Mirror(f.Turn) })] };
            return (await s_sumo.RunAsync(new SimulatorRun(TestJunction.Model(drivesOnLeft), plan, [demand], DriverModel.Default, 1), Cancellation)).Average(j => j.DelaySeconds);
        }

        // East and west change places.
        static TurnId Mirror(TurnId turn) => new(Of(turn.Approach), Of(turn.Exit));

        static Core.Sites.ApproachId Of(Core.Sites.ApproachId arm) => arm == TestJunction.East ? TestJunction.West : arm == TestJunction.West ? TestJunction.East : arm;
    }

    [Fact]
    public async Task Calibration_finds_the_drivers_that_were_measured()
    {
        SkipWithoutSumo();
        var run = new SimulatorRun(TestJunction.Model(), TestJunction.Plan(30, 30), [s_hour], DriverModel.Default, 0);
        var batch = new SumoBatch(s_sumo);
        var truth = await batch.RunAsync([.. Enumerable.Range(501, 3).Select(seed => run with { Seed = seed, Drivers = DriverModel.Default with { HeadwaySeconds = 1.6 } })], null, Cancellation);
        var measured = TestJunction.Arms.Select(arm => truth.SelectMany(t => t).Where(j => j.Turn.Approach == arm && j.WantsToArriveAt >= WarmUp).Select(j => j.SeenDelaySeconds).OfType<double>().ToList() is var delays
            ? new MeasuredDelay(arm, delays.Average(), delays.Count) : throw new InvalidOperationException()).ToList();

        var before = SumoCalibration.Compare(run.Drivers, await batch.RunAsync([run with { Seed = 1 }, run with { Seed = 2 }], null, Cancellation), measured, WarmUp);
        var fit = await new SumoCalibration(batch).FitAsync(run, measured, [1, 2], WarmUp, Cancellation);

        Assert.InRange(fit.Drivers.HeadwaySeconds, 1.4, 1.8);
        Assert.True(fit.MeanErrorShare < 0.1 && fit.RmsErrorSeconds < before.RmsErrorSeconds, $"{before.RmsErrorSeconds:0.0} s before, {fit.RmsErrorSeconds:0.0} s after");
        Assert.False(fit.IsAtLimit);
    }

    [Fact]
    public async Task What_cannot_run_says_why_and_leaves_nothing_behind()
    {
        SkipWithoutSumo();
        var folder = Directory.CreateTempSubdirectory("trafficflow-test-").FullName;
        var run = new SimulatorRun(TestJunction.Model(), TestJunction.Plan(30, 30), [s_hour], DriverModel.Default, 1);

        Assert.Contains("apt-get install sumo", (await Assert.ThrowsAsync<SimulatorException>(() => new SumoSimulator(sumo: "no-such-sumo").RunAsync(run, Cancellation))).Message, StringComparison.Ordinal);
        Assert.Contains("did not end within", (await Assert.ThrowsAsync<SimulatorException>(() => new SumoSimulator(longest: TimeSpan.FromMilliseconds(1), temporary: folder).RunAsync(run, Cancellation))).Message, StringComparison.Ordinal);
        // A program that refuses, with what it says.
        Assert.Contains("(exit code 2): ", (await Assert.ThrowsAsync<SimulatorException>(() => new SumoSimulator(netconvert: "ls", temporary: folder).RunAsync(run, Cancellation))).Message, StringComparison.Ordinal);
        // One that ends well and has written nothing.
        Assert.Contains("cannot be read", (await Assert.ThrowsAsync<SimulatorException>(() => new SumoSimulator(sumo: "true", temporary: folder).RunAsync(run, Cancellation))).Message, StringComparison.Ordinal);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => s_sumo.RunAsync(run, cancelled.Token));
        var lost = s_hour with { Flows = [new(new TurnId(TestJunction.North, TestJunction.North), Core.Detection.VehicleClass.Bus, 10)] };
        Assert.Contains("north to north", (await Assert.ThrowsAsync<SimulatorException>(() => s_sumo.RunAsync(run with { Demand = [lost] }, Cancellation))).Message, StringComparison.Ordinal);
        await new SumoSimulator(temporary: folder).RunAsync(run, Cancellation);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
        Directory.Delete(folder);
    }

    private static void SkipWithoutSumo() => Assert.SkipWhen(s_sumo.Missing is not null, s_sumo.Missing ?? "");

    private static Task<ImmutableArray<SimulatedJourney>> RunAsync(SignalSteps plan, int seed) =>
        s_sumo.RunAsync(new SimulatorRun(TestJunction.Model(), plan, [s_hour], DriverModel.Default, seed), Cancellation);

    private static async Task<PlanComparison> CompareAsync(SignalSteps before, SignalSteps after, int seeds)
    {
        var batch = new SumoBatch(s_sumo);
        return PlanComparison.Of(await AllAsync(before), await AllAsync(after), WarmUp);

        Task<ImmutableArray<ImmutableArray<SimulatedJourney>>> AllAsync(SignalSteps plan) =>
            batch.RunAsync([.. Enumerable.Range(1, seeds).Select(seed => new SimulatorRun(TestJunction.Model(), plan, [s_hour], DriverModel.Default, seed))], null, Cancellation);
    }
}
