using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence;

namespace TrafficFlow.Wire.Journals;

/// <summary>Makes the tables of journal and snapshots in a PostgreSQL database where there are none, as a node does at its start: the plugin itself makes them.</summary>
public static class JournalSchema
{
    private const string Nobody = "schema";
    private static readonly TimeSpan MadeWithin = TimeSpan.FromMinutes(1);

    /// <exception cref="JournalException">They could not be made.</exception>
    public static async Task CreateAsync(PostgresJournal journal, CancellationToken cancellation)
    {
        var config = ConfigurationFactory.ParseString("akka { loglevel = OFF, stdout-loglevel = OFF }").WithFallback(journal.ToHocon());
        using var system = ActorSystem.Create(Nobody, ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config), journal.Setup!));
        try
        {
            var plugins = Persistence.Instance.Apply(system);
            // Both answer only once they have their tables.
            object[] answers =
            [
                await plugins.SnapshotStoreFor("").Ask<object>(new LoadSnapshot(Nobody, SnapshotSelectionCriteria.Latest, long.MaxValue), MadeWithin, cancellation).ConfigureAwait(false),
                await plugins.JournalFor("").Ask<object>(asker => new ReplayMessages(1, 1, 1, Nobody, asker), MadeWithin, cancellation).ConfigureAwait(false),
            ];
            var failure = answers.Select(a => a switch
            {
                LoadSnapshotFailed f => f.Cause,
                ReplayMessagesFailure f => f.Cause,
                Status.Failure f => f.Cause,
                _ => null,
            }).FirstOrDefault(f => f is not null);
            if (failure is not null) throw PostgresCheck.Explain(journal, failure);
        }
        catch (AskTimeoutException e)
        {
            throw new JournalException(
                JournalFailure.Unreachable, $"{journal.Name} has not made the journal's tables within {MadeWithin.TotalSeconds:0} s: is it overloaded, or does somebody hold locks in it (pg_stat_activity)?", e);
        }
        finally
        {
            await system.Terminate().ConfigureAwait(false);
        }
    }
}
