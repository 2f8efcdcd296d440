using Akka.Actor;
using Akka.Configuration;
using TrafficFlow.Node.Settings;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;

namespace TrafficFlow.Benchmarks.Restart;

/// <summary>Turns rows into events with the product's serializer; nothing else of the product takes part.</summary>
internal sealed class JournalDecoder : IDisposable
{
    private const string Outbox = "outbox-";
    private const string Approach = "approach-";

    private readonly ActorSystem _system =
        ActorSystem.Create("evidence", ConfigurationFactory.ParseString("akka { loglevel = WARNING, stdout-loglevel = ERROR }").WithFallback(ActorsSettings.Reference));

    /// <exception cref="BenchmarkException">Rows are missing: nothing can be proved.</exception>
    public Evidence Decode(IReadOnlyList<JournalRow> rows, string site)
    {
        var evidence = new Evidence();
        foreach (var actor in rows.GroupBy(r => r.PersistenceId))
        {
            var expected = 1L;
            foreach (var row in actor)
            {
                if (row.IsDeleted || row.Sequence != expected++)
                    throw new BenchmarkException(BenchmarkException.Failed, $"{actor.Key} lacks row {expected - 1}: the journal was trimmed and proves nothing");
                var e = _system.Serialization.Deserialize(row.Message, row.Serializer, row.Manifest);
                if (actor.Key.StartsWith(Outbox, StringComparison.Ordinal)) Add(evidence, Name(actor.Key, Outbox, site), e);
                else if (e is BatchCounted counted) evidence.Counted(Name(actor.Key, Approach, site), counted);
            }
        }

        return evidence;
    }

    public void Dispose() => _system.Dispose();

    private static void Add(Evidence evidence, string camera, object e)
    {
        switch (e)
        {
            case EpochOpened opened:
                evidence.Opened(camera, opened);
                break;
            case EntriesStored stored:
                evidence.Stored(camera, stored);
                break;
            default:
                throw new BenchmarkException(BenchmarkException.Failed, $"the outbox of {camera} wrote {e}: entries were dropped or trimmed, and nothing can be proved");
        }
    }

    private static string Name(string persistenceId, string kind, string site) => persistenceId[$"{kind}{site}/".Length..];
}
