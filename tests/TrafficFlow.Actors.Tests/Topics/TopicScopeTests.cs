using TrafficFlow.Wire.Topics;
using Xunit;

namespace TrafficFlow.Actors.Tests.Topics;

public sealed class TopicScopeTests
{
    [Theory]
    [InlineData("flow.demo.*", "flow.demo.north", true)]
    [InlineData("flow.demo.*", "flow.demo.north.live", false)]
    [InlineData("flow.demo.*", "flow.demo.north.live.live", false)]
    [InlineData("flow.demo.*", "flow.demo", false)]
    [InlineData("flow.demo.*", "flow.demonstration.north", false)]
    [InlineData("flow.demo.*", "journeys.demo", false)]
    [InlineData("flow.demo.*.live", "flow.demo.north.live", true)]
    [InlineData("flow.demo.*.live", "flow.demo.north", false)]
    [InlineData("flow.*.*", "flow.demo.north", true)]
    [InlineData("flow.*.north", "flow.demo.south", false)]
    [InlineData("flow.demo.north", "flow.demo.north", true)]
    [InlineData("flow.demo.north", "flow.demo.north2", false)]
    [InlineData("journeys.*", "journeys.demo", true)]
    [InlineData("journeys.*", "journeys.demo.north", false)]
    [InlineData("incidents.*", "incidents.demo", true)]
    [InlineData("journeys.*", "incidents.demo", false)]
    [InlineData("incidents.*", "incidents.demo.north", false)]
    [InlineData("health.demo.*", "health.demo.cam1", true)]
    [InlineData("health.demo.*", "health.demo.junction-demo", true)]
    [InlineData("health.*.*", "flow.demo.north", false)]
    public void A_star_stands_for_one_whole_name(string scope, string topic, bool covers) => Assert.Equal(covers, Scope(scope).Covers(topic));

    [Theory]
    [InlineData("flow.demo._journeys")]
    [InlineData("flow.demo._journeys.live")]
    [InlineData("flow.demo._gates")]
    [InlineData("flow._x.north")]
    [InlineData("flow.demo.*")]
    [InlineData("flow.demo.")]
    [InlineData("flow..north")]
    [InlineData("flow.demo.north\n")]
    [InlineData("flow.demo.NORTH")]
    [InlineData("audit.demo")]
    [InlineData("akka.demo.x")]
    [InlineData("")]
    public void What_is_ours_and_what_is_no_topic_is_in_no_scope_of_stars(string topic) => Assert.False(Scope("flow.*.*", "flow.*.*.live", "journeys.*", "health.*.*").Covers(topic));

    [Fact]
    public void Gates_without_an_approach_are_covered_where_they_are_named() => Assert.True(Scope("flow.demo._gates").Covers("flow.demo._gates"));

    [Theory]
    [InlineData("*")]
    [InlineData("flow.*")]
    [InlineData("flow.demo.no*")]
    [InlineData("flow.demo.**")]
    [InlineData("flow.demo.*.*")]
    [InlineData("flow.demo._journeys")]
    [InlineData("health.demo._x")]
    [InlineData("journeys.")]
    [InlineData("weather.demo")]
    [InlineData("flow.demo.a.live.b.c")]
    public void What_is_no_pattern_is_refused_with_those_that_are(string pattern)
    {
        Assert.Null(TopicScope.Parse([pattern], out var problem));
        Assert.Contains("write flow.SITE.APPROACH", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scope_has_one_pattern_at_least_and_not_too_many()
    {
        Assert.Null(TopicScope.Parse([], out _));
        Assert.Null(TopicScope.Parse([.. Enumerable.Range(0, TopicScope.MostPatterns + 1).Select(i => $"journeys.s{i}")], out var problem));
        Assert.Contains("1 to 64", problem, StringComparison.Ordinal);
    }

    private static TopicScope Scope(params string[] patterns) => TopicScope.Parse(patterns, out var problem) ?? throw new ArgumentException(problem);
}
