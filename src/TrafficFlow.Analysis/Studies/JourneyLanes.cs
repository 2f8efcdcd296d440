using TrafficFlow.Analysis.Records;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Studies;

/// <summary>The lanes of one approach.</summary>
/// <param name="IsMeasured">By where vehicles passed the gate.</param>
/// <param name="OfJourney">By the journey's number and entry: from 1.</param>
internal sealed record LanesOfApproach(int Count, bool IsMeasured, IReadOnlyDictionary<(long, DateTimeOffset?), int> OfJourney)
{
    public int? Of(Journey journey) => OfJourney.TryGetValue((journey.Number, journey.EnteredAt), out var lane) ? lane : null;
}

/// <summary>In which lanes vehicles came, where anything tells it.</summary>
internal sealed class JourneyLanes
{
    /// <summary>With fewer, lanes of those that are not known would be guessed.</summary>
    private const double LeastKnown = 0.8;

    private readonly Dictionary<ApproachId, LanesOfApproach> _approaches = [];

    /// <returns>Null where nothing tells them.</returns>
    public LanesOfApproach? Of(ApproachId approach) => _approaches.GetValueOrDefault(approach);

    public static JourneyLanes Of(JunctionRecord record, JunctionTraffic traffic, StudySettings settings)
    {
        var lanes = new JourneyLanes();
        foreach (var approach in record.Approaches)
        {
            var journeys = traffic.Entered(approach, [record.Span]);
            if (journeys.IsEmpty || settings.Lanes?.Invoke(record, approach.Approach, journeys) is not { } found || found.Length != journeys.Length) continue;
            if (found.Count(l => l is not null) < LeastKnown * journeys.Length) continue;
            var of = new Dictionary<(long, DateTimeOffset?), int>();
            for (var i = 0; i < journeys.Length; i++)
            {
                if (found[i] is { } lane) of[(journeys[i].Number, journeys[i].EnteredAt)] = lane;
            }

            lanes._approaches[approach.Approach] = new LanesOfApproach(of.Values.Max(), true, of);
        }

        return lanes;
    }
}
