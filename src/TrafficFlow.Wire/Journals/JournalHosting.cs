using Akka.Hosting;

namespace TrafficFlow.Wire.Journals;

public static class JournalHosting
{
    // What hangs is ended by the driver's own timeouts; a breaker would only give up writes that wait for their turn.
    private const string WaitInOutage =
        """
        akka.persistence {
          journal.sql {
            class = "TrafficFlow.Wire.Journals.RetryingJournal, TrafficFlow.Wire"
            circuit-breaker { max-failures = 1000000, call-timeout = 1d, reset-timeout = 1s }
          }
          snapshot-store.sql {
            class = "TrafficFlow.Wire.Journals.RetryingSnapshotStore, TrafficFlow.Wire"
            circuit-breaker { max-failures = 1000000, call-timeout = 1d, reset-timeout = 1s }
          }
        }
        """;

    /// <summary>
    /// Journal and snapshots. A SQLite file is looked at first: what is wrong with it fails the start. For PostgreSQL call
    /// <see cref="PostgresCheck.WaitAsync"/> before the actor system starts.
    /// </summary>
    /// <param name="waitInOutage">
    /// What is written and read waits while the database is away, as a server wants it. Otherwise it fails, as an outbox wants it, which has
    /// a way of its own to go on.
    /// </param>
    /// <exception cref="JournalException">The message names the file, the likely cause and the remedy.</exception>
    public static AkkaConfigurationBuilder WithTrafficFlowJournal(
        this AkkaConfigurationBuilder builder, JournalSettings settings, bool waitInOutage = false)
    {
        if (settings is SqliteJournal file) JournalCheck.Prepare(file);
        if (settings.Setup is { } setup) builder.AddSetup(setup);
        builder.AddHocon(settings.ToHocon(), HoconAddMode.Prepend);
        if (!waitInOutage) return builder;
        return builder.AddSetup(new DatabaseSetup(settings.Name, settings.DropConnections)).AddHocon(WaitInOutage, HoconAddMode.Prepend);
    }
}
