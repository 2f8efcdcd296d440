using Akka.Actor;
using Akka.Configuration;
using TrafficFlow.Actors.Hosting;

namespace TrafficFlow.Actors.Tests.Support;

/// <summary>Configurations for actor tests without a cluster.</summary>
internal static class TestConfig
{
    public static Config InMemory { get; } = ConfigurationFactory
        .ParseString("akka.loglevel = WARNING, akka.coordinated-shutdown.log-info = off")
        .WithFallback(ActorsSettings.Reference);

    public static Config Sqlite(string file)
    {
        var settings = new SqliteJournal(file) { MinFreeBytes = 0 };
        JournalCheck.Prepare(settings);
        return settings.ToHocon().WithFallback(InMemory);
    }
}
