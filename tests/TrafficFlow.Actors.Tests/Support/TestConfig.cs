using Akka.Configuration;
using TrafficFlow.Roadside;
using TrafficFlow.Server;
using TrafficFlow.Wire;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Actors.Tests.Support;

/// <summary>Configurations for actor tests without a cluster.</summary>
internal static class TestConfig
{
    /// <summary>As a process of both roles has it.</summary>
    public static Config Reference { get; } =
        RoadsideSettings.Reference.WithFallback(ServerSettings.Reference).WithFallback(WireHosting.Reference);

    public static Config InMemory { get; } = ConfigurationFactory
        .ParseString("akka.loglevel = WARNING, akka.coordinated-shutdown.log-info = off")
        .WithFallback(Reference);

    public static Config Sqlite(string file)
    {
        var settings = new SqliteJournal(file) { MinFreeBytes = 0 };
        JournalCheck.Prepare(settings);
        return settings.ToHocon().WithFallback(InMemory);
    }
}
