using Akka.Configuration;
using Akka.Hosting;

namespace TrafficFlow.Wire;

/// <summary>What every actor system of the product needs.</summary>
public static class WireHosting
{
    /// <summary>Akka's settings, serializers and transport; every key with its meaning and default.</summary>
    public static Config Reference { get; } = EmbeddedConfig.Read(typeof(WireHosting).Assembly, "TrafficFlow.Wire.reference.conf");

    /// <summary>Serializers, and what Akka is otherwise told.</summary>
    public static AkkaConfigurationBuilder WithTrafficFlowSerialization(this AkkaConfigurationBuilder builder) =>
        builder.AddHocon(Reference, HoconAddMode.Append);
}
