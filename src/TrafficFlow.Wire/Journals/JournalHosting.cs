using Akka.Hosting;

namespace TrafficFlow.Wire.Journals;

public static class JournalHosting
{
    /// <summary>
    /// Journal and snapshots. A SQLite file is looked at first: what is wrong with it fails the start. For PostgreSQL call
    /// <see cref="PostgresCheck.WaitAsync"/> before the actor system starts.
    /// </summary>
    /// <exception cref="JournalException">The message names the file, the likely cause and the remedy.</exception>
    public static AkkaConfigurationBuilder WithTrafficFlowJournal(this AkkaConfigurationBuilder builder, JournalSettings settings)
    {
        if (settings is SqliteJournal file) JournalCheck.Prepare(file);
        if (settings.Setup is { } setup) builder.AddSetup(setup);
        return builder.AddHocon(settings.ToHocon(), HoconAddMode.Prepend);
    }
}
