using Akka.Configuration;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Roadside;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Server;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.Audit;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Retry;

namespace TrafficFlow.Actors.Tests.Hosting;

public sealed class ActorsSettingsTests
{
    [Fact]
    public void The_reference_says_the_same_defaults_as_the_records() =>
        Assert.Equal(
            Structure.Text((new RoadsideSettings(new CameraPolicy(), new OutboxSettings()), new AggregationSettings())),
            Structure.Text((RoadsideSettings.From(Config.Empty), ServerSettings.Aggregation(Config.Empty))));

    [Fact]
    public void The_reference_says_the_same_defaults_as_the_records_of_health_and_audit() =>
        Assert.Equal(
            Structure.Text((new HealthSettings(), new AuditSettings())),
            Structure.Text((HealthSettings.From(Config.Empty), AuditSettings.From(Config.Empty))));

    [Fact]
    public void A_node_overrides_what_it_names_and_nothing_else()
    {
        var settings = RoadsideSettings.From(ConfigurationFactory.ParseString("trafficflow.actors.camera.reconnect.max = 5m"));

        Assert.Equal(TimeSpan.FromMinutes(5), settings.Cameras.Reconnect.Max);
        Assert.Equal(BackOffSettings.Default.Initial, settings.Cameras.Reconnect.Initial);
    }
}
