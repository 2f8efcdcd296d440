using TrafficFlow.Node.Topics;
using TrafficFlow.Synthetic;
using TrafficFlow.Wire.Topics;
using Xunit;

namespace TrafficFlow.SystemTests.Watch;

public sealed class KnownTopicsTests
{
    private static readonly Core.Sites.Site s_site = SyntheticJunction.Site;

    [Fact]
    public void A_site_has_the_topics_of_its_approaches_its_cameras_and_its_junction()
    {
        var topics = KnownTopics.Of([s_site]);

        Assert.All(topics, t => Assert.True(TopicNames.IsTopic(t), t));
        Assert.Contains("flow.demo.north", topics);
        Assert.Contains("flow.demo.north.live", topics);
        Assert.Contains("health.demo.cam-north", topics);
        Assert.Equal(s_site.Junction is not null, topics.Contains("journeys.demo"));
        Assert.Equal(s_site.Junction is not null, topics.Contains("incidents.demo"));
        Assert.DoesNotContain(topics, t => t.Contains("_journeys", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("health.demo.cam-north", null)]
    [InlineData("health.demo.cam-nort", "site demo has no camera cam-nort")]
    [InlineData("health.elsewhere.cam1", null)]
    [InlineData("flow.demo.nothing", null)]
    public void A_camera_that_is_none_never_says_anything(string topic, string? told) =>
        Assert.Equal(told is null, KnownTopics.WhyNever(topic, [s_site]) is not { } why || !why.Reason.Contains(told!, StringComparison.Ordinal));

    [Fact]
    public void A_site_without_junction_says_so() =>
        Assert.Contains("site demo has no junction", KnownTopics.WhyNever("health.demo.junction-demo", [s_site with { Cameras = [s_site.Cameras[0]] }])?.Reason, StringComparison.Ordinal);
}
