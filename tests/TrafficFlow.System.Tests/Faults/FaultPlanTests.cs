using TrafficFlow.SystemTests.Lab;
using Xunit;

namespace TrafficFlow.SystemTests.Faults;

public sealed class FaultPlanTests
{
    private static readonly TimeSpan Pauses = TimeSpan.FromSeconds(6);

    [Fact]
    public void The_same_seed_draws_the_same_faults()
    {
        Assert.Equal(FaultPlan.Draw(7, 200, longCut: true, Pauses), FaultPlan.Draw(7, 200, longCut: true, Pauses));
        Assert.NotEqual(FaultPlan.Draw(7, 200, longCut: true, Pauses), FaultPlan.Draw(8, 200, longCut: true, Pauses));
    }

    [Fact]
    public void A_long_plan_holds_every_kind_and_one_long_cut()
    {
        var plan = FaultPlan.Draw(7, 200, longCut: true, Pauses);

        Assert.Equal(200, plan.Count);
        Assert.Equal(Enum.GetValues<FaultKind>().Order(), plan.Select(f => f.Kind).Distinct().Order());
        Assert.Equal(TimeSpan.FromMinutes(10), Assert.Single(plan, f => f.Kind == FaultKind.CutLong).Lasts);
        Assert.InRange(plan.Count(f => f.Overlaps), 20, 60);
    }

    [Fact]
    public void Two_hundred_faults_fit_into_forty_minutes()
    {
        var plan = FaultPlan.Draw(7, 200, longCut: true, Pauses);

        Assert.True(TimeSpan.FromTicks(plan.Sum(f => f.Pause.Ticks + (f.Overlaps ? 0 : f.Lasts.Ticks))) < TimeSpan.FromMinutes(33));
    }

    [Fact]
    public void A_short_plan_holds_only_what_is_asked_for_and_nothing_that_lasts()
    {
        var plan = FaultPlan.DrawShort(7, 20, Pauses, FaultKind.Cut, FaultKind.KillServer);

        Assert.Equal([FaultKind.KillServer, FaultKind.Cut], plan.Select(f => f.Kind).Distinct().Order());
        Assert.All(plan, f => Assert.True(f.Lasts <= TimeSpan.FromSeconds(3)));
    }
}
