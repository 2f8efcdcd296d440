using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Synthetic;
using TrafficFlow.Web.Live;
using TrafficFlow.Web.Plan;
using Xunit;

namespace TrafficFlow.SystemTests.Web;

public sealed class JunctionPlanTests
{
    [Fact]
    public void A_calibrated_junction_lies_as_on_the_ground()
    {
        var plan = JunctionPlan.Of(SyntheticJunction.Site);

        Assert.True(plan.IsSurveyed);
        // North is up, and traffic keeps left: from the south it comes in to the west of where it leaves.
        foreach (var (id, x, y) in new[] { ("north", 0, 1), ("east", 1, 0), ("south", 0, -1), ("west", -1, 0) })
        {
            var arm = plan.Find(id)!;
            Assert.InRange(arm.Outward.X, x - 0.1, x + 0.1);
            Assert.InRange(arm.Outward.Y, y - 0.1, y + 0.1);
            Assert.InRange((arm.Entry!.Value - plan.Centre).Length, 5, 25);
        }

        Assert.True(plan.Find("south")!.Entry!.Value.X < plan.Find("south")!.Exit!.Value.X);
        Assert.NotNull(plan.Way("north", "west"));
        Assert.Null(plan.Way("north", "nowhere"));
    }

    [Fact]
    public void A_site_that_nobody_surveyed_is_a_schema_with_all_its_arms()
    {
        var site = SyntheticJunction.Site with { Cameras = [.. SyntheticJunction.Site.Cameras.Select(c => c with { Plane = null })] };

        var plan = JunctionPlan.Of(site);

        Assert.False(plan.IsSurveyed);
        Assert.Empty(plan.Gates);
        Assert.Equal(["north", "east", "south", "west"], plan.Arms.Select(a => a.Id));
        Assert.Equal(new PlanPoint(0, 1).Y, plan.Arms[0].Outward.Y, 9);
        Assert.All(plan.Arms, a => Assert.All(plan.Arms.Where(b => b != a), b => Assert.NotNull(plan.Way(a.Id, b.Id))));
    }

    [Fact]
    public void A_site_without_arms_is_an_empty_plan()
    {
        var plan = JunctionPlan.Of(SyntheticJunction.Site with { Approaches = [], Cameras = [] });

        Assert.Empty(plan.Arms);
        Assert.DoesNotContain("NaN", plan.ViewBox);
    }

    [Fact]
    public void Movements_are_shown_in_the_order_of_the_arms_and_none_twice()
    {
        var movements = SiteMovements.Of(SyntheticJunction.Site, new ApproachId("north"));

        Assert.Equal([Movement.Entering, .. new[] { "east", "south", "west" }.Select(a => Movement.To(new ApproachId(a))), Movement.Exiting], movements);
    }

    [Fact]
    public void A_long_name_has_lines_enough_and_begins_or_ends_where_its_road_does()
    {
        var site = SyntheticJunction.Site;
        string[] names = ["Riverside Road, northern arm", "Old Bridge Street, eastern arm", "本町通り 南", "Old Bridge Street, western arm"];
        var plan = JunctionPlan.Of(site with { Approaches = [.. site.Approaches.Select((a, i) => a with { Name = names[i] })] });

        var labels = plan.Arms.Select(plan.LabelOf).ToList();

        Assert.Equal(["middle", "right", "middle", "left"], labels.Select(l => l.Side));
        Assert.Equal([["Riverside Road, northern arm"], ["Old Bridge", "Street,", "eastern arm"], ["本町通り 南"], ["Old Bridge", "Street,", "western arm"]], labels.Select(l => l.Lines));
        Assert.Equal(8 + (2 * PlanName.LineHeight), labels[1].At.Y - plan.Arms[1].Middle.Y, 1);
    }
}
