using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Signals;

public sealed class TimingPlanTests
{
    private static readonly ApproachId s_north = new("north");
    private static readonly ApproachId s_east = new("east");
    private static readonly SignalGroup s_main = new("main", s_north, [Movement.To(s_east)]);
    private static readonly SignalGroup s_side = new("side", s_east, [Movement.To(s_north)]);
    private static readonly SignalGroup s_walk = new("walk", s_north, []);

    private static readonly TimingPlan s_plan = new(
        "day",
        [s_main, s_side, s_walk],
        [
            new("1", ["main"], 30, 3, 2),
            new("2", ["side"], 20, 3, 2),
            new("3", ["walk"], 15, 0, 3) { PedestrianClearanceSeconds = 5 },
        ],
        12);

    [Fact]
    public void The_cycle_is_the_sum_of_the_splits()
    {
        Assert.Equal(78, s_plan.CycleSeconds);
        Assert.Equal([0, 35, 60], s_plan.StageBegins());
        Assert.Empty(s_plan.Errors());
    }

    [Fact]
    public void Each_group_shows_green_then_amber_then_red_and_what_it_shows_leaves_no_gap()
    {
        var cycles = new[] { SignalCycle.AsPlanned(s_plan, 100), SignalCycle.AsPlanned(s_plan, 178) };
        Assert.Equal(
            [
                new(SignalColour.Red, 100, 135), new(SignalColour.Green, 135, 155), new(SignalColour.Amber, 155, 158), new(SignalColour.Red, 158, 213),
                new(SignalColour.Green, 213, 233), new(SignalColour.Amber, 233, 236), new GroupChange(SignalColour.Red, 236, 256),
            ],
            SignalCycles.Changes(cycles, "side"));
    }

    [Fact]
    public void People_on_foot_get_no_amber_and_their_green_ends_by_the_clearance_earlier() =>
        Assert.Equal(
            [new(SignalColour.Red, 0, 60), new(SignalColour.Green, 60, 70), new GroupChange(SignalColour.Red, 70, 78)],
            SignalCycles.Changes([SignalCycle.AsPlanned(s_plan, 0)], "walk"));

    [Fact]
    public void A_group_of_two_stages_that_follow_each_other_keeps_its_green_in_between()
    {
        var plan = s_plan with { Stages = [new("1", ["main", "walk"], 30, 3, 2), new("2", ["main", "side"], 20, 3, 2)] };
        Assert.Equal(
            [new GroupChange(SignalColour.Green, 0, 120)],
            SignalCycles.Changes([SignalCycle.AsPlanned(plan, 0), SignalCycle.AsPlanned(plan, 60)], "main"));
    }

    [Fact]
    public void A_green_that_was_lengthened_moves_all_that_follows()
    {
        var longer = new SignalCycle(0, s_plan, [34, 20, 15]);
        Assert.Equal(82, longer.EndsAt);
        Assert.Equal(new GroupChange(SignalColour.Green, 39, 59), SignalCycles.Changes([longer], "side").Single(c => c.Colour == SignalColour.Green));
    }

    [Fact]
    public void All_errors_are_told_together_with_their_stage()
    {
        var bad = s_plan with
        {
            OffsetSeconds = 200,
            Groups = [s_main, s_side with { Name = "main" }, s_walk],
            Stages = [new("1", ["main", "tram"], -1, 3, 2), new("2", ["main", "main"], 20, 1, 60)],
        };
        var error = Assert.Throws<ArgumentException>(() => bad.Validated()).Message;
        foreach (var part in new[] { "the offset 200 s", "two signal groups are called main", "group walk never gets green", "stage 1: green", "there is no group tram", "names a group twice", "all-red" })
            Assert.Contains(part, error);
    }

    [Fact]
    public void Groups_that_must_not_have_green_together_are_named()
    {
        var both = s_plan with { Stages = [new("1", ["main", "side"], 30, 3, 2), new("2", ["walk"], 10, 0, 2)] };
        Assert.Contains("stage 1: main and side must not have green together", string.Join("; ", both.Errors((a, b) => !a.IsForPedestrians && !b.IsForPedestrians)));
    }

    [Fact]
    public void A_movement_belongs_to_one_group_only() =>
        Assert.Contains("north to east is in two groups", string.Join("; ", (s_plan with { Groups = [s_main, s_side, s_walk, s_main with { Name = "x" }] }).Errors()));

    [Fact]
    public void A_plan_without_anything_says_so() =>
        Assert.Equal(["plan x: there is no signal group", "plan x: there is no stage"], new TimingPlan("x", [], []).Errors());

    [Fact]
    public void The_plan_of_the_evening_goes_on_until_the_first_of_the_next_day()
    {
        var night = s_plan with { Name = "night" };
        var schedule = new PlanSchedule([new(new(7, 0), s_plan, []), new(new(21, 0), night, [])]);
        var from = new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.FromHours(9));
        var spans = schedule.Within(new Interval(from, from.AddDays(1)), Tokyo).ToList();
        Assert.Equal(["night", "day", "night"], spans.Select(s => s.Plan.Name));
        Assert.Equal([7, 14, 3], spans.Select(s => s.Span.Length.TotalHours));
        Assert.Empty(schedule.Errors());
    }

    [Fact]
    public void A_plan_of_the_weekend_runs_on_its_days_only()
    {
        var holiday = s_plan with { Name = "weekend" };
        var schedule = new PlanSchedule([new(new(0, 0), s_plan, [.. Enum.GetValues<DayOfWeek>().Where(d => d is not (DayOfWeek.Saturday or DayOfWeek.Sunday))]), new(new(0, 0), holiday, [DayOfWeek.Saturday, DayOfWeek.Sunday])]);
        // 5 June 2026 is a Friday.
        var from = new DateTimeOffset(2026, 6, 5, 12, 0, 0, TimeSpan.FromHours(9));
        Assert.Equal(["day", "weekend", "weekend", "day"], schedule.Within(new Interval(from, from.AddDays(3)), Tokyo).Select(s => s.Plan.Name));
        Assert.Empty(schedule.Errors());
        Assert.Contains("two plans begin on Monday", string.Join("; ", new PlanSchedule([.. schedule.Entries, new(new(0, 0), holiday, [])]).Errors()));
    }

    private static TimeZoneInfo Tokyo => TimeZoneInfo.CreateCustomTimeZone("JST", TimeSpan.FromHours(9), "JST", "JST");
}
